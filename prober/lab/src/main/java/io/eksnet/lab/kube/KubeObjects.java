package io.eksnet.lab.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.Binding;
import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Crd;
import io.eksnet.lab.cluster.Ingress;
import io.eksnet.lab.cluster.KubeEvent;
import io.eksnet.lab.cluster.KubeObject;
import io.eksnet.lab.cluster.KubeService;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Pod;
import io.eksnet.lab.cluster.Workload;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The state as the objects of the API server, by path. */
final class KubeObjects {
  private final ClusterState state;
  private final ApiKinds kinds;
  private final Map<String, HasMetadata> byPath = new LinkedHashMap<>();

  private KubeObjects(ClusterState state) {
    this.state = state;
    this.kinds = ApiKinds.of(state);
  }

  /** All objects of a state. */
  static Map<String, HasMetadata> of(ClusterState state) {
    var objects = new KubeObjects(state);
    objects.fill();
    return objects.byPath;
  }

  private void fill() {
    state.all(Crd.class).forEach(crd -> add(crd(crd)));
    state.all(Node.class).forEach(node -> add(PodObjects.node(node, region())));
    state.all(Pod.class).forEach(pod -> add(PodObjects.pod(pod, state)));
    for (var service : state.all(KubeService.class)) {
      add(ServiceObjects.service(service));
      if (!service.selector().isEmpty()) {
        add(ServiceObjects.slice(service, state));
      }
    }
    state.all(Ingress.class).forEach(ingress -> add(ServiceObjects.ingress(ingress)));
    state.all(Workload.class).forEach(workload -> add(WorkloadObjects.of(workload, state)));
    state.all(Binding.class).forEach(binding -> add(binding(binding)));
    state.all(KubeEvent.class).forEach(event -> add(event(event)));
    state.all(KubeObject.class).forEach(object -> add(parsed(object)));
    namespaces().forEach(name -> add(namespace(name)));
  }

  private void add(HasMetadata object) {
    kinds
        .find(object.getApiVersion(), object.getKind())
        .ifPresent(
            kind ->
                byPath.put(
                    kind.path(object.getMetadata().getNamespace(), object.getMetadata().getName()),
                    object));
  }

  private String region() {
    return state.only(Cluster.class).region();
  }

  private List<String> namespaces() {
    var names = new LinkedHashSet<String>(List.of("default", "kube-system"));
    for (var object : byPath.values()) {
      var namespace = object.getMetadata().getNamespace();
      if (namespace != null) {
        names.add(namespace);
      }
    }
    return new ArrayList<>(names);
  }

  private HasMetadata namespace(String name) {
    return new NamespaceBuilder()
        .withMetadata(meta("Namespace", "", name, Map.of(), state.only(Cluster.class).created()))
        .build();
  }

  private static HasMetadata parsed(KubeObject object) {
    var parsed = Serialization.unmarshal(object.yaml(), GenericKubernetesResource.class);
    parsed.getMetadata().setUid(uid(object.key()));
    return parsed;
  }

  private static HasMetadata crd(Crd crd) {
    return new CustomResourceDefinitionBuilder()
        .withNewMetadata()
        .withName(crd.plural() + "." + crd.group())
        .withUid(uid(crd.key()))
        .endMetadata()
        .withNewSpec()
        .withGroup(crd.group())
        .withScope(crd.namespaced() ? "Namespaced" : "Cluster")
        .withNewNames()
        .withKind(crd.kind())
        .withPlural(crd.plural())
        .endNames()
        .addNewVersion()
        .withName(crd.version())
        .withServed(true)
        .withStorage(true)
        .endVersion()
        .endSpec()
        .build();
  }

  private HasMetadata binding(Binding binding) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("targetGroupARN", binding.targetGroupArn());
    spec.put("targetType", binding.targetType());
    spec.put("serviceRef", Map.of("name", binding.service(), "port", binding.port()));
    spec.put("vpcID", state.only(Cluster.class).vpcId());
    if (!binding.role().isEmpty()) {
      spec.put("iamRoleArnToAssume", binding.role());
    }
    if (!binding.groupId().isEmpty()) {
      var from = Map.of("securityGroup", Map.of("groupID", binding.groupId()));
      var port = Map.of("protocol", "TCP", "port", binding.port());
      spec.put(
          "networking",
          Map.of("ingress", List.of(Map.of("from", List.of(from), "ports", List.of(port)))));
    }
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(binding.apiVersion())
        .withKind("TargetGroupBinding")
        .withMetadata(
            meta(
                "TargetGroupBinding",
                binding.namespace(),
                binding.name(),
                Map.of("ingress.k8s.aws/stack-namespace", binding.namespace()),
                binding.created()))
        .withAdditionalProperties(Map.of("spec", spec))
        .build();
  }

  private static HasMetadata event(KubeEvent event) {
    var namespaced = event.about().contains("/");
    return new EventBuilder()
        .withMetadata(meta("Event", event.namespace(), event.name(), Map.of(), event.first()))
        .withType(event.type())
        .withReason(event.reason())
        .withMessage(event.message())
        .withCount(event.count())
        .withFirstTimestamp(time(event.first()))
        .withLastTimestamp(time(event.last()))
        .withNewInvolvedObject()
        .withKind(event.kind())
        .withNamespace(namespaced ? event.namespace() : null)
        .withName(event.object())
        .withUid(uid(event.kind() + " " + event.namespace() + "/" + event.object()))
        .endInvolvedObject()
        .withNewSource(event.source(), event.host().isEmpty() ? null : event.host())
        .withReportingComponent(event.source())
        .withReportingInstance(event.host())
        .build();
  }

  static ObjectMeta meta(
      String kind, String namespace, String name, Map<String, String> labels, Instant created) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace.isEmpty() ? null : namespace)
        .withName(name)
        .withLabels(labels)
        .withUid(uid(kind + " " + namespace + "/" + name))
        .withCreationTimestamp(time(created))
        .withGeneration(1L)
        .build();
  }

  /** As the API server writes it: whole seconds. */
  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String uid(String words) {
    return UUID.nameUUIDFromBytes(words.getBytes(UTF_8)).toString();
  }
}
