package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A kind of objects that is watched in all namespaces.
 *
 * @param group empty: the core group
 * @param type of the objects in lists and watches
 * @param transform what is kept of an object; empty: the object is dropped
 * @param fieldSelector which objects the API server sends; empty: all
 * @param bookmarks whether the API server sends bookmarks over a watch of this kind
 */
record ResourceKind<T extends HasMetadata, V>(
    String group,
    String version,
    String plural,
    Class<T> type,
    Function<T, Optional<V>> transform,
    String fieldSelector,
    boolean bookmarks) {

  /** Objects whose field has one of the values are excluded by the API server. */
  record Exclusion(String field, List<String> values) {
    Exclusion {
      values = List.copyOf(values);
    }

    /** In the syntax of field selectors. */
    private String selector() {
      return values.stream().map(value -> field + "!=" + value).collect(Collectors.joining(","));
    }
  }

  /** A kind that every cluster has. */
  static <T extends HasMetadata, V> ResourceKind<T, V> of(
      Class<T> type, Function<T, Optional<V>> transform, Exclusion... exclusions) {
    return new ResourceKind<>(
        HasMetadata.getGroup(type),
        HasMetadata.getVersion(type),
        HasMetadata.getPlural(type),
        type,
        transform,
        Arrays.stream(exclusions).map(Exclusion::selector).collect(Collectors.joining(",")),
        true);
  }

  /**
   * The same for a kind that the API server does not keep in its watch cache, which is what sends
   * the bookmarks: events ({@code DefaultWatchCacheSizes} of kube-apiserver).
   */
  ResourceKind<T, V> withoutBookmarks() {
    return new ResourceKind<>(group, version, plural, type, transform, fieldSelector, false);
  }

  /**
   * A kind that a CRD defines.
   *
   * @param apiVersion such as {@code elbv2.k8s.aws/v1beta1}
   */
  static <V> ResourceKind<GenericKubernetesResource, V> custom(
      String apiVersion,
      String plural,
      Function<GenericKubernetesResource, Optional<V>> transform) {
    var slash = apiVersion.indexOf('/');
    return new ResourceKind<>(
        apiVersion.substring(0, slash),
        apiVersion.substring(slash + 1),
        plural,
        GenericKubernetesResource.class,
        transform,
        "",
        true);
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
