package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of an informer that keeps only what the transform returns, as client-go's {@code
 * SetTransform} does; fabric8's {@code ReducedStateItemStore} can neither drop an object nor bound
 * their number. The informer gets back objects that have a name and nothing else.
 */
final class TransformingStore<T extends HasMetadata, V> implements ItemStore<T> {
  private static final Logger log = LoggerFactory.getLogger(TransformingStore.class);

  private final ResourceKind<T, V> kind;
  private final int maxObjects;
  private final Map<String, V> kept = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();
  private volatile boolean overflown;
  private volatile boolean warned;

  TransformingStore(ResourceKind<T, V> kind, int maxObjects) {
    this.kind = kind;
    this.maxObjects = maxObjects;
  }

  /** What is kept of the objects that exist now. */
  Collection<V> kept() {
    return List.copyOf(kept.values());
  }

  /** Grows when something that is kept changes. */
  long changes() {
    return changes.get();
  }

  /** Whether objects were dropped because there are more than {@code maxObjects}. */
  boolean isOverflown() {
    return overflown;
  }

  @Override
  public String getKey(T object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public @Nullable T put(String key, T object) {
    var transformed = transform(object);
    V before;
    if (transformed.isEmpty()) {
      before = kept.remove(key);
    } else if (kept.size() >= maxObjects && !kept.containsKey(key)) {
      overflown = true;
      return null;
    } else {
      before = kept.put(key, transformed.get());
    }
    if (!Optional.ofNullable(before).equals(transformed)) {
      changes.incrementAndGet();
    }
    return before == null ? null : nameOnly(key);
  }

  private Optional<V> transform(T object) {
    try {
      return kind.transform().apply(object);
    } catch (RuntimeException e) {
      if (!warned) {
        warned = true;
        log.atWarn()
            .addKeyValue("resource", kind.label())
            .addKeyValue("name", getKey(object))
            .setCause(e)
            .log("cannot read object, ignoring it; further ones of this list are not logged");
      }
      return Optional.empty();
    }
  }

  @Override
  public @Nullable T remove(String key) {
    if (kept.remove(key) == null) {
      return null;
    }
    changes.incrementAndGet();
    return nameOnly(key);
  }

  @Override
  public Stream<String> keySet() {
    return kept.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return kept.keySet().stream().map(this::nameOnly);
  }

  @Override
  public int size() {
    return kept.size();
  }

  @Override
  public @Nullable T get(String key) {
    return kept.containsKey(key) ? nameOnly(key) : null;
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private T nameOnly(String key) {
    var slash = key.indexOf('/');
    var object = kind.empty().get();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(slash < 0 ? null : key.substring(0, slash))
            .withName(key.substring(slash + 1))
            .build());
    return object;
  }
}
