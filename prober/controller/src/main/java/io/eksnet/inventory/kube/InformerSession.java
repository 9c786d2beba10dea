package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.concurrent.CompletionStage;

/** One informer's life: a list and the watch that follows it. */
final class InformerSession<T extends HasMetadata, V> {
  private final SharedIndexInformer<T> informer;
  private final TransformingStore<T, V> store;

  InformerSession(ResourceKind<T, V> kind, KubeAccess access, int most) {
    store = new TransformingStore<>(kind, most);
    informer = kind.informer().apply(access.client());
    informer
        .removeNamespaceIndex()
        .itemStore(store)
        // before it has started, who started it decides when to try again
        .exceptionHandler((started, error) -> started);
  }

  /** Completes when everything is listed and the watch stands. */
  CompletionStage<Void> start() {
    return informer.start();
  }

  boolean watching() {
    return informer.isRunning() && informer.isWatching();
  }

  TransformingStore<T, V> store() {
    return store;
  }

  void stop() {
    informer.stop();
  }
}
