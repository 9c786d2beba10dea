package io.eksnet.lab.kube;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Crd;
import io.fabric8.kubernetes.api.model.APIGroupBuilder;
import io.fabric8.kubernetes.api.model.APIGroupListBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kinds that the API server knows: those of Kubernetes and those of the state's CRDs. */
record ApiKinds(List<Kind> kinds) {
  /** A kind; the group of the core API is empty. */
  record Kind(String group, String version, String kind, String plural, boolean namespaced) {
    String apiVersion() {
      return group.isEmpty() ? version : group + "/" + version;
    }

    /** Where an object of it is. */
    String path(String namespace, String name) {
      return (group.isEmpty() ? "/api/" : "/apis/")
          + apiVersion()
          + (namespaced ? "/namespaces/" + namespace : "")
          + "/"
          + plural
          + "/"
          + name;
    }
  }

  private static final List<Kind> OWN =
      List.of(
          new Kind("", "v1", "Node", "nodes", false),
          new Kind("", "v1", "Namespace", "namespaces", false),
          new Kind("", "v1", "Pod", "pods", true),
          new Kind("", "v1", "Service", "services", true),
          new Kind("", "v1", "Endpoints", "endpoints", true),
          new Kind("", "v1", "Event", "events", true),
          new Kind("", "v1", "ConfigMap", "configmaps", true),
          new Kind("", "v1", "Secret", "secrets", true),
          new Kind("", "v1", "ServiceAccount", "serviceaccounts", true),
          new Kind("events.k8s.io", "v1", "Event", "events", true),
          new Kind("apps", "v1", "Deployment", "deployments", true),
          new Kind("apps", "v1", "DaemonSet", "daemonsets", true),
          new Kind("apps", "v1", "ReplicaSet", "replicasets", true),
          new Kind("apps", "v1", "StatefulSet", "statefulsets", true),
          new Kind("batch", "v1", "Job", "jobs", true),
          new Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true),
          new Kind("networking.k8s.io", "v1", "Ingress", "ingresses", true),
          new Kind("networking.k8s.io", "v1", "IngressClass", "ingressclasses", false),
          new Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true),
          new Kind("coordination.k8s.io", "v1", "Lease", "leases", true),
          new Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
          new Kind("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
          new Kind("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
          new Kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false),
          new Kind(
              "rbac.authorization.k8s.io",
              "v1",
              "ClusterRoleBinding",
              "clusterrolebindings",
              false),
          new Kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false),
          new Kind(
              "apiextensions.k8s.io",
              "v1",
              "CustomResourceDefinition",
              "customresourcedefinitions",
              false));

  ApiKinds {
    kinds = List.copyOf(kinds);
  }

  static ApiKinds of(ClusterState state) {
    var all = new ArrayList<>(OWN);
    for (var crd : state.all(Crd.class)) {
      all.add(new Kind(crd.group(), crd.version(), crd.kind(), crd.plural(), crd.namespaced()));
    }
    return new ApiKinds(all);
  }

  Optional<Kind> find(String apiVersion, String kind) {
    return kinds.stream()
        .filter(one -> one.apiVersion().equals(apiVersion) && one.kind().equals(kind))
        .findFirst();
  }

  /** The answer to a question about the API itself, as discovery asks them. */
  Optional<String> discovery(String path) {
    var parts = path.replaceAll("/+$", "").split("/");
    if (path.equals("/version")) {
      return Optional.of(
          "{\"major\":\"1\",\"minor\":\"33\",\"gitVersion\":\"v1.33.4-eks-lab\","
              + "\"platform\":\"linux/amd64\"}");
    }
    if (path.replaceAll("/+$", "").equals("/api")) {
      return Optional.of("{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
    }
    if (path.replaceAll("/+$", "").equals("/apis")) {
      return Optional.of(groups());
    }
    if (parts.length == 3 && parts[1].equals("apis")) {
      return group(parts[2]);
    }
    if (parts.length == 3 && parts[1].equals("api")) {
      return resources("", parts[2]);
    }
    return parts.length == 4 && parts[1].equals("apis")
        ? resources(parts[2], parts[3])
        : Optional.empty();
  }

  /** Whether the path names a kind that is there. */
  boolean serves(String path) {
    return kinds.stream().anyMatch(kind -> isAt(kind, path));
  }

  /** The plural that a path is about, or empty. */
  String plural(String path) {
    return kinds.stream().filter(kind -> isAt(kind, path)).map(Kind::plural).findFirst().orElse("");
  }

  private static boolean isAt(Kind kind, String path) {
    var base = (kind.group().isEmpty() ? "/api/" : "/apis/") + kind.apiVersion() + "/";
    if (!path.startsWith(base)) {
      return false;
    }
    var parts = path.substring(base.length()).split("/");
    boolean scoped = parts.length > 2 && parts[0].equals("namespaces");
    return parts[scoped ? 2 : 0].equals(kind.plural());
  }

  private String groups() {
    var list = new APIGroupListBuilder();
    for (var group :
        kinds.stream().map(Kind::group).filter(g -> !g.isEmpty()).distinct().toList()) {
      var versions =
          kinds.stream().filter(kind -> kind.group().equals(group)).map(Kind::version).distinct();
      var builder = list.addNewGroup().withName(group);
      for (var version : versions.toList()) {
        builder =
            builder
                .addNewVersion()
                .withGroupVersion(group + "/" + version)
                .withVersion(version)
                .endVersion();
      }
      list = builder.endGroup();
    }
    return Serialization.asJson(list.build());
  }

  private Optional<String> group(String name) {
    var versions =
        kinds.stream()
            .filter(kind -> kind.group().equals(name))
            .map(Kind::version)
            .distinct()
            .toList();
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    var group = new APIGroupBuilder().withName(name);
    for (var version : versions) {
      group =
          group
              .addNewVersion()
              .withGroupVersion(name + "/" + version)
              .withVersion(version)
              .endVersion();
    }
    return Optional.of(Serialization.asJson(group.build()));
  }

  private Optional<String> resources(String group, String version) {
    var found =
        kinds.stream()
            .filter(kind -> kind.group().equals(group) && kind.version().equals(version))
            .toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var list = new APIResourceListBuilder().withGroupVersion(found.get(0).apiVersion());
    for (var kind : found) {
      list =
          list.addNewResource()
              .withName(kind.plural())
              .withKind(kind.kind())
              .withNamespaced(kind.namespaced())
              .withVerbs("get", "list", "watch", "create", "update", "patch", "delete")
              .endResource();
    }
    return Optional.of(Serialization.asJson(list.build()));
  }
}
