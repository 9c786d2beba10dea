package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A kind of objects that is watched in all namespaces.
 *
 * @param group empty: the core group
 * @param transform what is kept of an object; empty: the object is dropped
 * @param empty creates an object without content
 * @param informer creates an informer that is not started
 */
record ResourceKind<T extends HasMetadata, V>(
    String group,
    String version,
    String plural,
    Function<T, Optional<V>> transform,
    Supplier<T> empty,
    Function<KubernetesClient, SharedIndexInformer<T>> informer) {
  /**
   * Objects in one page of a list, as in client-go. Without pages a list is answered from the API
   * server's cache, but fabric8 then holds all objects at once before the transform sees the first.
   */
  private static final long PAGE_SIZE = 500;

  /** Objects whose field has one of the values are excluded by the API server. */
  record Exclusion(String field, List<String> values) {
    Exclusion {
      values = List.copyOf(values);
    }
  }

  /** A kind that every cluster has. */
  static <T extends HasMetadata, V> ResourceKind<T, V> of(
      Class<T> type,
      Supplier<T> empty,
      Function<T, Optional<V>> transform,
      Exclusion... exclusions) {
    return new ResourceKind<>(
        HasMetadata.getGroup(type),
        HasMetadata.getVersion(type),
        HasMetadata.getPlural(type),
        transform,
        empty,
        client -> {
          var filter = client.resources(type).inAnyNamespace().withNewFilter();
          for (var exclusion : exclusions) {
            for (var value : exclusion.values()) {
              filter = filter.withoutField(exclusion.field(), value);
            }
          }
          return filter.endFilter().withLimit(PAGE_SIZE).runnableInformer(0);
        });
  }

  /**
   * A kind that a CRD defines.
   *
   * @param apiVersion such as {@code elbv2.k8s.aws/v1beta1}
   */
  static <V> ResourceKind<GenericKubernetesResource, V> custom(
      String apiVersion,
      String kind,
      String plural,
      Function<GenericKubernetesResource, Optional<V>> transform) {
    var slash = apiVersion.indexOf('/');
    var group = apiVersion.substring(0, slash);
    var version = apiVersion.substring(slash + 1);
    var context =
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion(version)
            .withKind(kind)
            .withPlural(plural)
            .build();
    return new ResourceKind<>(
        group,
        version,
        plural,
        transform,
        GenericKubernetesResource::new,
        client ->
            client
                .genericKubernetesResources(context)
                .inAnyNamespace()
                .withLimit(PAGE_SIZE)
                .runnableInformer(0));
  }

  /** Such as {@code pods} or {@code targetgroupbindings.elbv2.k8s.aws}. */
  String label() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** The path that lists the objects of all namespaces. */
  String path() {
    return (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version + "/" + plural;
  }

  Permission permission() {
    return Permission.Rbac.watch(group, plural);
  }
}
