package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A kind of objects that is watched.
 *
 * @param group empty: the core group
 * @param trim what is kept of an object, as it comes in; empty: nothing
 * @param blank an object without content
 * @param informer not started
 */
record ResourceKind<T extends HasMetadata, V>(
    String group,
    String version,
    String plural,
    Function<T, Optional<V>> trim,
    Supplier<T> blank,
    Function<KubernetesClient, SharedIndexInformer<T>> informer) {
  /** Objects in one page of a list. */
  private static final long PAGE = 500;

  /** A kind that every cluster has. */
  static <T extends HasMetadata, V> ResourceKind<T, V> of(
      Class<T> type, Supplier<T> blank, Function<T, Optional<V>> trim) {
    return new ResourceKind<>(
        HasMetadata.getGroup(type),
        HasMetadata.getVersion(type),
        HasMetadata.getPlural(type),
        trim,
        blank,
        client -> client.resources(type).inAnyNamespace().withLimit(PAGE).runnableInformer(0));
  }

  /** A kind that a controller's CRD brings. */
  static <V> ResourceKind<GenericKubernetesResource, V> custom(
      String group,
      String version,
      String kind,
      String plural,
      boolean namespaced,
      Function<GenericKubernetesResource, Optional<V>> trim) {
    var context =
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion(version)
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(namespaced)
            .build();
    return new ResourceKind<>(
        group,
        version,
        plural,
        trim,
        GenericKubernetesResource::new,
        client ->
            client
                .genericKubernetesResources(context)
                .inAnyNamespace()
                .withLimit(PAGE)
                .runnableInformer(0));
  }

  /** Such as {@code pods} or {@code targetgroupbindings.elbv2.k8s.aws}. */
  String label() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** Where all of them are listed. */
  String path() {
    var prefix = group.isEmpty() ? "/api/" : "/apis/" + group + "/";
    return prefix + version + "/" + plural;
  }

  Permission permission() {
    return Permission.Rbac.watch(group, plural);
  }
}
