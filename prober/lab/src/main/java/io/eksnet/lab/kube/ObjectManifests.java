package io.eksnet.lab.kube;

import static io.eksnet.lab.cluster.WireFields.fields;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.AwsResource.Cluster;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.KubeResource.Binding;
import io.eksnet.lab.cluster.KubeResource.Condition;
import io.eksnet.lab.cluster.KubeResource.Crd;
import io.eksnet.lab.cluster.KubeResource.Ingress;
import io.eksnet.lab.cluster.KubeResource.KubeEvent;
import io.eksnet.lab.cluster.KubeResource.KubeObject;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.KubeResource.Workload;
import io.eksnet.lab.cluster.NodePort;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The state as Kubernetes objects. */
final class ObjectManifests {
  private static final String COMPUTE_TYPE = "eks.amazonaws.com/compute-type";
  private static final String READINESS_GATE_PREFIX = "target-health.elbv2.k8s.aws/";

  private final ClusterState state;
  private final Cluster cluster;
  private final ApiKinds kinds;
  private final Map<String, String> jsonByPath = new LinkedHashMap<>();
  private final LinkedHashSet<String> namespaces =
      new LinkedHashSet<>(List.of("default", "kube-system"));

  private ObjectManifests(ClusterState state) {
    this.state = state;
    this.cluster = state.only(Cluster.class);
    this.kinds = ApiKinds.of(state);
  }

  /** The JSON of all objects of a state by path. */
  static Map<String, String> render(ClusterState state) {
    var objects = new ObjectManifests(state);
    objects.addAll();
    return objects.jsonByPath;
  }

  private void addAll() {
    state.all(Crd.class).forEach(this::addCrd);
    state.all(Node.class).forEach(this::addNode);
    state.all(Pod.class).forEach(this::addPod);
    state.all(KubeService.class).forEach(this::addService);
    state.all(Ingress.class).forEach(this::addIngress);
    state.all(Workload.class).forEach(this::addWorkload);
    state.all(Binding.class).forEach(this::addBinding);
    state.all(KubeEvent.class).forEach(this::addEvent);
    state.all(KubeObject.class).forEach(this::addObject);
    for (var name : namespaces) {
      add("v1", "Namespace", meta("Namespace", "", name, Map.of(), cluster.created()), Map.of());
    }
  }

  private void add(
      String apiVersion, String kind, Map<String, Object> metadata, Map<String, Object> rest) {
    var namespace = String.valueOf(metadata.getOrDefault("namespace", ""));
    var object = fields("apiVersion", apiVersion, "kind", kind, "metadata", metadata);
    object.putAll(rest);
    put(apiVersion, kind, namespace, String.valueOf(metadata.get("name")), object);
  }

  private void put(String apiVersion, String kind, String namespace, String name, Object object) {
    if (!namespace.isEmpty()) {
      namespaces.add(namespace);
    }
    kinds
        .find(apiVersion, kind)
        .ifPresent(
            found -> jsonByPath.put(found.path(namespace, name), Serialization.asJson(object)));
  }

  private void addObject(KubeObject object) {
    var parsed = Serialization.unmarshal(object.yaml(), GenericKubernetesResource.class);
    var metadata = parsed.getMetadata();
    metadata.setUid(uid(object.key()));
    put(
        parsed.getApiVersion(),
        parsed.getKind(),
        Optional.ofNullable(metadata.getNamespace()).orElse(""),
        metadata.getName(),
        parsed);
  }

  private void addCrd(Crd crd) {
    add(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        fields("name", crd.plural() + "." + crd.group(), "uid", uid(crd.key())),
        fields(
            "spec",
            fields(
                "group", crd.group(),
                "scope", crd.namespaced() ? "Namespaced" : "Cluster",
                "names", fields("kind", crd.kind(), "plural", crd.plural()),
                "versions",
                    List.of(fields("name", crd.version(), "served", true, "storage", true)))));
  }

  private void addNode(Node node) {
    var labels = new TreeMap<String, String>(node.labels());
    labels.put("kubernetes.io/hostname", node.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("topology.kubernetes.io/zone", node.zone());
    labels.put("topology.kubernetes.io/region", cluster.region());
    if (!node.instanceType().isEmpty()) {
      labels.put("node.kubernetes.io/instance-type", node.instanceType());
    }
    if (!node.computeType().equals("ec2")) {
      labels.put(COMPUTE_TYPE, node.computeType());
    }
    // Fargate nodes have no instance in their provider id.
    var id = node.instanceId().isEmpty() ? "0a1b2c3d4e-lab/" + node.name() : node.instanceId();
    var conditions = new ArrayList<>(node.conditions());
    if (conditions.stream().noneMatch(condition -> condition.type().equals("Ready"))) {
      conditions.add(readiness(node));
    }
    var capacity = fields("pods", Integer.toString(node.podSlots()));
    add(
        "v1",
        "Node",
        meta("Node", "", node.name(), labels, node.created()),
        fields(
            "spec",
                fields(
                    "providerID",
                    "aws:///" + node.zone() + "/" + id,
                    "unschedulable",
                    node.cordoned() ? true : null,
                    "taints",
                    taints(node)),
            "status",
                fields(
                    "addresses",
                    List.of(
                        fields("type", "InternalIP", "address", node.address()),
                        fields("type", "Hostname", "address", node.name())),
                    "capacity",
                    capacity,
                    "allocatable",
                    capacity,
                    "conditions",
                    conditions.stream().map(condition -> condition(condition, null)).toList())));
  }

  private Condition readiness(Node node) {
    if (node.ready()) {
      return new Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status");
    }
    var withoutCni =
        state.all(Pod.class).stream()
            .anyMatch(
                pod ->
                    "aws-node".equals(pod.labels().get("k8s-app"))
                        && pod.node().equals(node.name())
                        && !pod.ready());
    return withoutCni
        ? new Condition(
            "Ready",
            "False",
            "KubeletNotReady",
            "container runtime network not ready: NetworkReady=false"
                + " reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin"
                + " not initialized")
        : new Condition(
            "Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.");
  }

  private static List<Map<String, Object>> taints(Node node) {
    var taints = new ArrayList<Map<String, Object>>();
    if (node.computeType().equals("fargate")) {
      taints.add(fields("key", COMPUTE_TYPE, "value", "fargate", "effect", "NoSchedule"));
    }
    if (!node.ready()) {
      taints.add(fields("key", "node.kubernetes.io/not-ready", "effect", "NoSchedule"));
    }
    if (node.cordoned()) {
      taints.add(fields("key", "node.kubernetes.io/unschedulable", "effect", "NoSchedule"));
    }
    return taints;
  }

  private void addPod(Pod pod) {
    var metadata = meta("Pod", pod.namespace(), pod.name(), pod.labels(), pod.created());
    metadata.put("annotations", pod.annotations());
    if (pod.terminating()) {
      metadata.put("deletionTimestamp", time(pod.created()));
      metadata.put("deletionGracePeriodSeconds", 30);
    }
    var container =
        fields(
            "name", "main",
            "image", image(pod),
            "env", env(pod.env()),
            "ports",
                pod.ports().stream()
                    .map(
                        port ->
                            fields(
                                "name", port.name(),
                                "containerPort", port.port(),
                                "protocol", port.protocol()))
                    .toList());
    add(
        "v1",
        "Pod",
        metadata,
        fields(
            "spec",
                fields(
                    "nodeName", pod.node(),
                    "serviceAccountName", pod.serviceAccount(),
                    "schedulerName", pod.scheduler(),
                    "hostNetwork", pod.hostNetwork() ? true : null,
                    "readinessGates",
                        pod.conditions().stream()
                            .filter(condition -> condition.type().startsWith(READINESS_GATE_PREFIX))
                            .map(condition -> fields("conditionType", condition.type()))
                            .toList(),
                    "containers", List.of(container)),
            "status",
                fields(
                    "phase", pod.phase(),
                    "podIP", pod.ip(),
                    "podIPs", pod.ip().isEmpty() ? List.of() : List.of(fields("ip", pod.ip())),
                    "hostIP", state.find(Node.class, pod.node()).map(Node::address).orElse(""),
                    "conditions",
                        conditions(pod).stream()
                            .map(condition -> condition(condition, pod.created()))
                            .toList(),
                    "containerStatuses",
                        pod.node().isEmpty() ? List.of() : List.of(containerStatus(pod)))));
  }

  private String image(Pod pod) {
    var cluster = state.only(Cluster.class);
    return pod.image().isEmpty()
        ? "%s.dkr.ecr.%s.amazonaws.com/app:1".formatted(cluster.account(), cluster.region())
        : pod.image();
  }

  private static List<Condition> conditions(Pod pod) {
    var conditions = new ArrayList<>(pod.conditions());
    if (!pod.node().isEmpty()) {
      conditions.add(new Condition("PodScheduled", "True", "", ""));
      conditions.add(
          new Condition("ContainersReady", areContainersReady(pod) ? "True" : "False", "", ""));
      conditions.add(
          pod.ready()
              ? new Condition("Ready", "True", "", "")
              : new Condition(
                  "Ready",
                  "False",
                  areContainersReady(pod) ? "ReadinessGatesNotReady" : "ContainersNotReady",
                  "not ready: [main]"));
    }
    return conditions;
  }

  /** A running pod with a readiness gate that is not true waits for the gate only. */
  private static boolean areContainersReady(Pod pod) {
    return pod.ready()
        || (pod.phase().equals("Running")
            && pod.crash().reason().isEmpty()
            && pod.conditions().stream()
                .anyMatch(
                    condition ->
                        condition.type().startsWith(READINESS_GATE_PREFIX)
                            && !condition.status().equals("True")));
  }

  private static Map<String, Object> condition(Condition condition, @Nullable Instant changed) {
    return fields(
        "type", condition.type(),
        "status", condition.status(),
        "reason", condition.reason(),
        "message", condition.message(),
        "lastTransitionTime", changed == null ? null : time(changed));
  }

  private static Map<String, Object> containerStatus(Pod pod) {
    var crash = pod.crash();
    var terminated = fields("exitCode", 1, "reason", "Error", "message", crash.words());
    Map<String, Object> running;
    if (!crash.reason().isEmpty()) {
      running = fields("waiting", fields("reason", crash.reason(), "message", crash.words()));
    } else if (pod.phase().equals("Pending")) {
      running = fields("waiting", fields("reason", "ContainerCreating"));
    } else {
      running = fields("running", fields("startedAt", time(pod.created())));
    }
    return fields(
        "name",
        "main",
        "ready",
        areContainersReady(pod),
        "restartCount",
        crash.restarts(),
        "lastState",
        crash.words().isEmpty() ? null : fields("terminated", terminated),
        "state",
        running);
  }

  private void addService(KubeService service) {
    var metadata =
        meta("Service", service.namespace(), service.name(), service.labels(), service.created());
    metadata.put("annotations", service.annotations());
    add(
        "v1",
        "Service",
        metadata,
        fields(
            "spec",
                fields(
                    "type", service.type(),
                    "clusterIP", service.clusterIp(),
                    "clusterIPs", List.of(service.clusterIp()),
                    "selector", service.selector(),
                    "externalTrafficPolicy", policy(service.externalTrafficPolicy()),
                    "internalTrafficPolicy", policy(service.internalTrafficPolicy()),
                    "ports",
                        service.ports().stream()
                            .map(
                                port ->
                                    fields(
                                        "name", port.name(),
                                        "protocol", port.protocol(),
                                        "port", port.port(),
                                        "nodePort", nodePort(service, port),
                                        "targetPort", port.target()))
                            .toList()),
            "status", loadBalancerStatus(service.address())));
    if (!service.selector().isEmpty()) {
      addEndpointSlice(service);
    }
  }

  private static @Nullable String policy(String policy) {
    return policy.isEmpty() ? null : policy;
  }

  private @Nullable Integer nodePort(KubeService service, KubeService.Port port) {
    return NodePort.in(state).stream()
        .filter(one -> one.service().equals(service) && one.servicePort().equals(port))
        .filter(one -> !one.healthCheck())
        .map(NodePort::port)
        .findFirst()
        .orElse(null);
  }

  private void addEndpointSlice(KubeService service) {
    var labels = new TreeMap<String, String>(service.labels());
    labels.put("kubernetes.io/service-name", service.name());
    labels.put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
    var name = service.name() + "-" + Ids.hex(service.key(), 5);
    add(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        meta("EndpointSlice", service.namespace(), name, labels, service.created()),
        fields(
            "addressType", service.clusterIp().contains(":") ? "IPv6" : "IPv4",
            "endpoints", service.backends(state).stream().map(this::endpoint).toList(),
            "ports",
                service.ports().stream()
                    .map(
                        port ->
                            fields(
                                "name", port.name(),
                                "protocol", port.protocol(),
                                "port", port.target()))
                    .toList()));
  }

  private Map<String, Object> endpoint(Pod pod) {
    return fields(
        "addresses", List.of(pod.ip()),
        "conditions",
            fields("ready", pod.serves(), "serving", pod.ready(), "terminating", pod.terminating()),
        "nodeName", pod.node(),
        "zone", state.find(Node.class, pod.node()).map(Node::zone).orElse(""),
        "targetRef", fields("kind", "Pod", "namespace", pod.namespace(), "name", pod.name()));
  }

  private void addIngress(Ingress ingress) {
    var metadata =
        meta("Ingress", ingress.namespace(), ingress.name(), Map.of(), ingress.created());
    metadata.put("annotations", ingress.annotations());
    add(
        "networking.k8s.io/v1",
        "Ingress",
        metadata,
        fields(
            "spec",
                fields(
                    "ingressClassName", ingress.className(),
                    "rules", ingress.rules().stream().map(ObjectManifests::ingressRule).toList()),
            "status", loadBalancerStatus(ingress.address())));
  }

  private static Map<String, Object> ingressRule(Ingress.Rule rule) {
    var service = fields("name", rule.service(), "port", fields("number", rule.port()));
    var path =
        fields("path", rule.path(), "pathType", "Prefix", "backend", fields("service", service));
    return fields("host", rule.host(), "http", fields("paths", List.of(path)));
  }

  private static @Nullable Map<String, Object> loadBalancerStatus(String host) {
    return host.isEmpty()
        ? null
        : fields("loadBalancer", fields("ingress", List.of(fields("hostname", host))));
  }

  private void addWorkload(Workload workload) {
    var pods =
        state.all(Pod.class).stream()
            .filter(pod -> pod.namespace().equals(workload.namespace()))
            .filter(pod -> pod.matches(workload.selector()))
            .toList();
    long ready = pods.stream().filter(Pod::ready).count();
    boolean daemonSet = workload.kind().equals("DaemonSet");
    var container =
        fields("name", workload.name(), "args", workload.args(), "env", env(workload.env()));
    var podSpec =
        fields("serviceAccountName", workload.serviceAccount(), "containers", List.of(container));
    var status =
        daemonSet
            ? fields(
                "desiredNumberScheduled",
                workload.desired(),
                "currentNumberScheduled",
                pods.size(),
                "numberReady",
                ready,
                "numberAvailable",
                ready,
                "numberUnavailable",
                workload.desired() - ready,
                "numberMisscheduled",
                0,
                "updatedNumberScheduled",
                pods.size())
            : fields(
                "replicas",
                pods.size(),
                "readyReplicas",
                ready,
                "availableReplicas",
                ready,
                "unavailableReplicas",
                workload.desired() - ready,
                "updatedReplicas",
                pods.size());
    add(
        "apps/v1",
        workload.kind(),
        meta(
            workload.kind(),
            workload.namespace(),
            workload.name(),
            workload.selector(),
            workload.created()),
        fields(
            "spec",
            fields(
                "replicas", daemonSet ? null : workload.desired(),
                "selector", fields("matchLabels", workload.selector()),
                "template",
                    fields("metadata", fields("labels", workload.selector()), "spec", podSpec)),
            "status",
            status));
  }

  private void addBinding(Binding binding) {
    var from = fields("securityGroup", fields("groupID", binding.groupId()));
    var rule =
        fields(
            "from", List.of(from),
            "ports", List.of(fields("protocol", "TCP", "port", binding.port())));
    add(
        binding.apiVersion(),
        "TargetGroupBinding",
        meta(
            "TargetGroupBinding",
            binding.namespace(),
            binding.name(),
            Map.of("ingress.k8s.aws/stack-namespace", binding.namespace()),
            binding.created()),
        fields(
            "spec",
            fields(
                "targetGroupARN", binding.targetGroupArn(),
                "targetType", binding.targetType(),
                "serviceRef", fields("name", binding.service(), "port", binding.port()),
                "vpcID", cluster.vpcId(),
                "iamRoleArnToAssume", binding.role(),
                "networking",
                    binding.groupId().isEmpty() ? null : fields("ingress", List.of(rule)))));
  }

  private void addEvent(KubeEvent event) {
    boolean namespaced = event.about().contains("/");
    add(
        "v1",
        "Event",
        meta("Event", event.namespace(), event.name(), Map.of(), event.first()),
        fields(
            "type", event.type(),
            "reason", event.reason(),
            "message", event.message(),
            "count", event.count(),
            "firstTimestamp", time(event.first()),
            "lastTimestamp", time(event.last()),
            "involvedObject",
                fields(
                    "kind", event.kind(),
                    "namespace", namespaced ? event.namespace() : null,
                    "name", event.object(),
                    "uid", uid(event.kind() + " " + event.namespace() + "/" + event.object())),
            "source", fields("component", event.source(), "host", event.host()),
            "reportingComponent", event.source(),
            "reportingInstance", event.host()));
  }

  private static Map<String, Object> meta(
      String kind, String namespace, String name, Map<String, String> labels, Instant created) {
    return fields(
        "namespace",
        namespace,
        "name",
        name,
        "labels",
        labels,
        "uid",
        uid(kind + " " + namespace + "/" + name),
        "creationTimestamp",
        time(created),
        "generation",
        1);
  }

  private static List<Map<String, Object>> env(Map<String, String> env) {
    return new TreeMap<>(env)
        .entrySet().stream()
            .map(entry -> fields("name", entry.getKey(), "value", entry.getValue()))
            .toList();
  }

  /** The API server writes whole seconds. */
  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String uid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
  }
}
