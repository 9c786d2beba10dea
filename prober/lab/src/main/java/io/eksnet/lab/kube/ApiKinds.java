package io.eksnet.lab.kube;

import static io.eksnet.lab.cluster.WireFields.fields;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.Crd;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The API resources that the server serves: the built-in ones and those of the state's CRDs. */
record ApiKinds(List<ApiKind> kinds) {
  private static final List<ApiKind> BUILT_IN =
      """
      v1                           Node                     nodes                     cluster
      v1                           Namespace                namespaces                cluster
      v1                           Pod                      pods                      namespaced
      v1                           Service                  services                  namespaced
      v1                           Endpoints                endpoints                 namespaced
      v1                           Event                    events                    namespaced
      v1                           ConfigMap                configmaps                namespaced
      v1                           Secret                   secrets                   namespaced
      v1                           ServiceAccount           serviceaccounts           namespaced
      events.k8s.io/v1             Event                    events                    namespaced
      apps/v1                      Deployment               deployments               namespaced
      apps/v1                      DaemonSet                daemonsets                namespaced
      apps/v1                      ReplicaSet               replicasets               namespaced
      apps/v1                      StatefulSet              statefulsets              namespaced
      batch/v1                     Job                      jobs                      namespaced
      discovery.k8s.io/v1          EndpointSlice            endpointslices            namespaced
      networking.k8s.io/v1         Ingress                  ingresses                 namespaced
      networking.k8s.io/v1         IngressClass             ingressclasses            cluster
      networking.k8s.io/v1         NetworkPolicy            networkpolicies           namespaced
      coordination.k8s.io/v1       Lease                    leases                    namespaced
      policy/v1                    PodDisruptionBudget      poddisruptionbudgets      namespaced
      rbac.authorization.k8s.io/v1 Role                     roles                     namespaced
      rbac.authorization.k8s.io/v1 RoleBinding              rolebindings              namespaced
      rbac.authorization.k8s.io/v1 ClusterRole              clusterroles              cluster
      rbac.authorization.k8s.io/v1 ClusterRoleBinding       clusterrolebindings       cluster
      scheduling.k8s.io/v1         PriorityClass            priorityclasses           cluster
      apiextensions.k8s.io/v1      CustomResourceDefinition customresourcedefinitions cluster
      apiregistration.k8s.io/v1    APIService               apiservices               cluster
      admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations cluster
      admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations cluster
      """
          .lines()
          .map(line -> line.split(" +"))
          .map(cells -> new ApiKind(cells[0], cells[1], cells[2], cells[3].equals("namespaced")))
          .toList();

  /** An API resource. */
  record ApiKind(String apiVersion, String kind, String plural, boolean namespaced) {
    /** Empty for the core API. */
    String group() {
      int slash = apiVersion.indexOf('/');
      return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    String version() {
      return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    String base() {
      return (group().isEmpty() ? "/api/" : "/apis/") + apiVersion + "/";
    }

    /** The path of an object. */
    String path(String namespace, String name) {
      return base() + (namespaced ? "namespaces/" + namespace + "/" : "") + plural + "/" + name;
    }

    boolean serves(String path) {
      if (!path.startsWith(base())) {
        return false;
      }
      var parts = path.substring(base().length()).split("/");
      boolean scoped = parts.length > 2 && parts[0].equals("namespaces");
      return parts[scoped ? 2 : 0].equals(plural);
    }
  }

  static ApiKinds of(ClusterState state) {
    var crds =
        state.all(Crd.class).stream()
            .map(crd -> new ApiKind(crd.apiVersion(), crd.kind(), crd.plural(), crd.namespaced()));
    return new ApiKinds(Stream.concat(BUILT_IN.stream(), crds).toList());
  }

  Optional<ApiKind> find(String apiVersion, String kind) {
    return kinds.stream()
        .filter(one -> one.apiVersion().equals(apiVersion) && one.kind().equals(kind))
        .findFirst();
  }

  /** The first resource of this plural name; events and CRDs may exist in two groups. */
  Optional<ApiKind> ofPlural(String plural) {
    return kinds.stream().filter(kind -> kind.plural().equals(plural)).findFirst();
  }

  /** The resource that a path is about. */
  Optional<ApiKind> at(String path) {
    return kinds.stream().filter(kind -> kind.serves(path)).findFirst();
  }

  /** The response to a discovery request. */
  Optional<String> discover(String path) {
    var parts = path.replaceAll("/+$", "").split("/");
    var root = parts.length > 1 ? parts[1] : "";
    Optional<Map<String, Object>> response =
        switch (parts.length + " " + root) {
          case "2 version" ->
              Optional.of(
                  fields(
                      "major", "1",
                      "minor", "33",
                      "gitVersion", "v1.33.4-eks-lab",
                      "platform", "linux/amd64"));
          case "2 api" -> Optional.of(fields("kind", "APIVersions", "versions", List.of("v1")));
          case "2 apis" ->
              Optional.of(
                  fields(
                      "kind", "APIGroupList",
                      "apiVersion", "v1",
                      "groups",
                          kinds.stream()
                              .map(ApiKind::group)
                              .filter(group -> !group.isEmpty())
                              .distinct()
                              .map(this::group)
                              .toList()));
          case "3 apis" ->
              Optional.of(parts[2])
                  .filter(name -> kinds.stream().anyMatch(kind -> kind.group().equals(name)))
                  .map(this::group);
          case "3 api" -> resources(parts[2]);
          case "4 apis" -> resources(parts[2] + "/" + parts[3]);
          default -> Optional.empty();
        };
    return response.map(Serialization::asJson);
  }

  private Map<String, Object> group(String name) {
    var versions =
        kinds.stream()
            .filter(kind -> kind.group().equals(name))
            .map(kind -> fields("groupVersion", kind.apiVersion(), "version", kind.version()))
            .distinct()
            .toList();
    return fields("kind", "APIGroup", "apiVersion", "v1", "name", name, "versions", versions);
  }

  private Optional<Map<String, Object>> resources(String apiVersion) {
    var resources =
        kinds.stream()
            .filter(kind -> kind.apiVersion().equals(apiVersion))
            .map(
                kind ->
                    fields(
                        "name", kind.plural(),
                        "kind", kind.kind(),
                        "namespaced", kind.namespaced(),
                        "verbs",
                            List.of("get", "list", "watch", "create", "update", "patch", "delete")))
            .toList();
    return resources.isEmpty()
        ? Optional.empty()
        : Optional.of(
            fields(
                "kind",
                "APIResourceList",
                "apiVersion",
                "v1",
                "groupVersion",
                apiVersion,
                "resources",
                resources));
  }
}
