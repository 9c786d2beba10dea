package io.eksnet.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The objects of a cluster as its API server lists them: one agent a node, in three zones, beside
 * the pods of others, with a Service for each ten of them. What is behind load balancers does not
 * grow with the nodes.
 *
 * @param nodes how many, an agent on each
 */
record FleetCluster(int nodes) {
  static final String NAME = "bench";
  static final String NAMESPACE = "eksnet";
  static final String REGION = "eu-west-1";
  static final String VPC = "vpc-1";
  static final int BALANCERS = 3;
  static final int GROUPS = 6;
  static final int TARGETS = 3;

  /** Other pods on each node. */
  static final int OTHERS = 10;

  /** Pods of a Deployment with a Service. */
  static final int REPLICAS = 10;

  /** Events that the field selector of the controller lets through, for each node. */
  static final int EVENTS = 5;

  private static final String SINCE = "2026-01-01T00:00:00Z";
  private static final String NONE = "";

  /** All objects of a kind, created when they are listed. */
  record Listing(String version, String kind, int size, IntFunction<JsonObject> object) {
    static Listing none(String version, String kind) {
      return new Listing(version, kind, 0, i -> new JsonObject());
    }

    /** Its object of this number as a list or a watch shows it. */
    JsonObject get(int number) {
      return object.apply(number).put("apiVersion", version).put("kind", kind);
    }
  }

  /** By the path of the API. */
  Map<String, Listing> listings() {
    var all = new LinkedHashMap<String, Listing>();
    all.put("/api/v1/nodes", new Listing("v1", "Node", nodes, this::node));
    all.put("/api/v1/pods", new Listing("v1", "Pod", nodes * (1 + OTHERS) + 2, this::pod));
    all.put(
        "/api/v1/services", new Listing("v1", "Service", 2 + GROUPS + workloads(), this::service));
    all.put("/api/v1/namespaces", Listing.none("v1", "Namespace"));
    all.put("/api/v1/events", new Listing("v1", "Event", nodes * EVENTS, this::event));
    all.put(
        "/apis/discovery.k8s.io/v1/endpointslices",
        new Listing("discovery.k8s.io/v1", "EndpointSlice", GROUPS + workloads(), this::slice));
    all.put(
        "/apis/networking.k8s.io/v1/ingresses",
        new Listing("networking.k8s.io/v1", "Ingress", BALANCERS, this::ingress));
    all.put(
        "/apis/networking.k8s.io/v1/ingressclasses",
        new Listing("networking.k8s.io/v1", "IngressClass", 1, i -> ingressClass()));
    all.put(
        "/apis/networking.k8s.io/v1/networkpolicies",
        Listing.none("networking.k8s.io/v1", "NetworkPolicy"));
    for (var configuration : List.of("Mutating", "Validating")) {
      all.put(
          "/apis/admissionregistration.k8s.io/v1/%swebhookconfigurations"
              .formatted(configuration.toLowerCase(Locale.ROOT)),
          Listing.none("admissionregistration.k8s.io/v1", configuration + "WebhookConfiguration"));
    }
    all.put(
        "/apis/apiregistration.k8s.io/v1/apiservices",
        Listing.none("apiregistration.k8s.io/v1", "APIService"));
    all.put(
        "/apis/apps/v1/deployments",
        new Listing("apps/v1", "Deployment", workloads(), this::deployment));
    all.put(
        "/apis/apps/v1/daemonsets",
        new Listing("apps/v1", "DaemonSet", 2, i -> i == 0 ? agents() : awsNode()));
    all.put(
        "/apis/elbv2.k8s.aws/v1beta1/targetgroupbindings",
        new Listing("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", GROUPS, this::binding));
    all.put(
        "/apis/elbv2.k8s.aws/v1beta1/ingressclassparams",
        Listing.none("elbv2.k8s.aws/v1beta1", "IngressClassParams"));
    all.put(
        "/apis/karpenter.k8s.aws/v1/ec2nodeclasses",
        Listing.none("karpenter.k8s.aws/v1", "EC2NodeClass"));
    all.put(
        "/apis/crd.k8s.amazonaws.com/v1alpha1/eniconfigs",
        Listing.none("crd.k8s.amazonaws.com/v1alpha1", "ENIConfig"));
    return all;
  }

  /** Deployments, each with a Service and an EndpointSlice. */
  private int workloads() {
    return nodes * OTHERS / REPLICAS;
  }

  static String nodeName(int node) {
    return "ip-10-%d-%d-%d.%s.compute.internal"
        .formatted(node >> 16, (node >> 8) & 255, node & 255, REGION);
  }

  static String instance(int node) {
    // ids of instances say nothing of the order in which they came
    return "i-%017x".formatted(node * 0x9e3779b97f4aL & 0xffffffffffffL);
  }

  static String zone(int node) {
    return REGION + "abc".charAt(node % 3);
  }

  /** An address of loopback, where the simulated agents answer. */
  static String agentAddress(int node) {
    return "127.%d.%d.%d".formatted(1 + node / 62_500, node / 250 % 250, 1 + node % 250);
  }

  static String target(int group, int number) {
    return "10.200.%d.%d".formatted(group, 10 + number);
  }

  private static JsonObject meta(String namespace, String name, Map<String, String> labels) {
    var meta =
        new JsonObject()
            .put("name", name)
            .put("uid", "uid-" + namespace + "-" + name)
            .put("resourceVersion", "1000")
            .put("creationTimestamp", SINCE)
            .put("managedFields", managedFields())
            .put("labels", new JsonObject(Map.copyOf(labels)));
    return new JsonObject()
        .put("metadata", namespace.isEmpty() ? meta : meta.put("namespace", namespace));
  }

  JsonObject node(int number) {
    var labels =
        Map.of(
            "topology.kubernetes.io/zone",
            zone(number),
            "node.kubernetes.io/instance-type",
            "m6i.xlarge");
    return meta(NONE, nodeName(number), labels)
        .put(
            "spec",
            new JsonObject()
                .put("providerID", "aws:///%s/%s".formatted(zone(number), instance(number))))
        .put(
            "status",
            new JsonObject()
                .put("allocatable", new JsonObject().put("pods", "58").put("cpu", "3920m"))
                .put(
                    "addresses",
                    array(
                        new JsonObject()
                            .put("type", "InternalIP")
                            .put("address", "10.100.%d.%d".formatted(number >> 8, number & 255))))
                .put("conditions", array(ready())));
  }

  private static JsonObject ready() {
    return new JsonObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("reason", "KubeletReady")
        .put("lastTransitionTime", SINCE);
  }

  /** The agents, then CoreDNS, then the others. */
  private JsonObject pod(int number) {
    if (number < nodes) {
      return pod(NAMESPACE, "eksnet-agent-" + number, number, agentAddress(number), AGENT_LABELS);
    }
    if (number < nodes + 2) {
      var dns = number - nodes;
      var address = "10.200.250." + (10 + dns);
      return pod("kube-system", "coredns-" + dns, dns, address, Map.of("k8s-app", "kube-dns"));
    }
    var other = number - nodes - 2;
    var group = other / TARGETS;
    return group < GROUPS
        ? pod("shop", podOf(group, other % TARGETS), other % nodes, target(group, other % TARGETS))
        : pod("shop", "other-" + other, other % nodes, "10.1." + other % 250 + "." + other % 249);
  }

  private static final Map<String, String> AGENT_LABELS =
      Map.of("app.kubernetes.io/name", "eksnet", "app.kubernetes.io/component", "agent");

  private static JsonObject pod(String namespace, String name, int node, String address) {
    return pod(namespace, name, node, address, Map.of("app", "shop"));
  }

  private static JsonObject pod(
      String namespace, String name, int node, String address, Map<String, String> labels) {
    return meta(namespace, name, labels)
        .put(
            "spec",
            new JsonObject().put("nodeName", nodeName(node)).put("containers", array(container())))
        .put(
            "status",
            new JsonObject()
                .put("phase", "Running")
                .put("podIP", address)
                .put("conditions", array(ready(), ready().put("type", "PodScheduled")))
                .put(
                    "containerStatuses",
                    array(
                        new JsonObject()
                            .put("name", "main")
                            .put("ready", true)
                            .put("restartCount", 0)
                            .put(
                                "state",
                                new JsonObject()
                                    .put("running", new JsonObject().put("startedAt", SINCE))))));
  }

  /** With as many fields as usual: a third of the size of a pod. */
  private static JsonObject container() {
    var env = new JsonArray();
    for (var i = 0; i < 20; i++) {
      env.add(
          new JsonObject()
              .put("name", "SETTING_" + i)
              .put("value", "https://service-" + i + ".shop.svc.cluster.local:8080/path"));
    }
    return new JsonObject()
        .put("name", "main")
        .put("image", "registry.example.com/team/main:1.2.3")
        .put("env", env)
        .put("resources", new JsonObject());
  }

  /** Who wrote which field: the other half of a pod, and nothing that eksnet reads. */
  private static JsonArray managedFields() {
    var fields = new JsonObject();
    for (var i = 0; i < 60; i++) {
      fields.put(
          "f:field" + i, new JsonObject().put(".", new JsonObject()).put("f:x", new JsonObject()));
    }
    return array(
        new JsonObject()
            .put("manager", "kubelet")
            .put("operation", "Update")
            .put("apiVersion", "v1")
            .put("time", SINCE)
            .put("fieldsType", "FieldsV1")
            .put("fieldsV1", fields));
  }

  private static String podOf(int group, int number) {
    return "web-%d-%d".formatted(group, number);
  }

  private JsonObject service(int number) {
    return switch (number) {
      case 0 -> service("default", "kubernetes", "172.20.0.1", 443);
      case 1 -> service("kube-system", "kube-dns", "172.20.0.10", 53);
      default ->
          service(
              "shop",
              number < 2 + GROUPS ? "web-" + (number - 2) : workload(number - 2 - GROUPS),
              "172.20.%d.%d".formatted(1 + number / 250, number % 250),
              80);
    };
  }

  private static JsonObject service(String namespace, String name, String ip, int port) {
    return meta(namespace, name, Map.of())
        .put(
            "spec",
            new JsonObject()
                .put("type", "ClusterIP")
                .put("clusterIP", ip)
                .put("clusterIPs", array(ip))
                .put("ports", array(new JsonObject().put("port", port).put("protocol", "TCP"))));
  }

  private static String workload(int number) {
    return "app-" + number;
  }

  private JsonObject deployment(int number) {
    var labels = new JsonObject().put("app", workload(number));
    var template =
        new JsonObject()
            .put("metadata", new JsonObject().put("labels", labels))
            .put("spec", new JsonObject().put("containers", array(container())));
    return meta("shop", workload(number), Map.of("app", workload(number)))
        .put(
            "spec",
            new JsonObject()
                .put("replicas", REPLICAS)
                .put("selector", new JsonObject().put("matchLabels", labels))
                .put("template", template))
        .put("status", new JsonObject().put("replicas", REPLICAS).put("readyReplicas", REPLICAS));
  }

  /** What nodes and pods say all the time, and reconciles of load balancers now and then. */
  private JsonObject event(int number) {
    var reconciled = number % 100 == 0;
    return meta(reconciled ? "shop" : "default", "event-" + number, Map.of())
        .put("reason", reconciled ? "SuccessfullyReconciled" : "NodeHasSufficientMemory")
        .put("type", "Normal")
        .put("message", "Node status is now: NodeHasSufficientMemory, as seen by the kubelet")
        .put("count", 1 + number % 7)
        .put("firstTimestamp", SINCE)
        .put("lastTimestamp", SINCE)
        .put("source", new JsonObject().put("component", "kubelet").put("host", nodeName(number)))
        .put(
            "involvedObject",
            new JsonObject()
                .put("kind", reconciled ? "Ingress" : "Node")
                .put("namespace", reconciled ? "shop" : "")
                .put("name", reconciled ? "web-" + number % BALANCERS : nodeName(number % nodes)));
  }

  private JsonObject slice(int group) {
    return group < GROUPS
        ? slice("web-" + group, TARGETS, i -> target(group, i), i -> podOf(group, i))
        : slice(
            workload(group - GROUPS),
            REPLICAS,
            i -> "10.2.%d.%d".formatted(group % 250, i),
            i -> "other-" + (group * REPLICAS + i));
  }

  private static JsonObject slice(
      String service, int size, IntFunction<String> address, IntFunction<String> pod) {
    var endpoints =
        IntStream.range(0, size)
            .mapToObj(
                i ->
                    new JsonObject()
                        .put("addresses", array(address.apply(i)))
                        .put("conditions", new JsonObject().put("ready", true))
                        .put(
                            "targetRef",
                            new JsonObject().put("kind", "Pod").put("name", pod.apply(i))))
            .toArray();
    return meta("shop", service, Map.of("kubernetes.io/service-name", service))
        .put("addressType", "IPv4")
        .put("endpoints", array(endpoints));
  }

  private JsonObject ingress(int number) {
    var backend =
        new JsonObject()
            .put("name", "web-" + number)
            .put("port", new JsonObject().put("number", 80));
    return meta("shop", "web-" + number, Map.of())
        .put(
            "spec",
            new JsonObject()
                .put("ingressClassName", "alb")
                .put("defaultBackend", new JsonObject().put("service", backend)))
        .put(
            "status",
            new JsonObject()
                .put(
                    "loadBalancer",
                    new JsonObject()
                        .put("ingress", array(new JsonObject().put("hostname", dns(number))))));
  }

  private static JsonObject ingressClass() {
    return meta(NONE, "alb", Map.of())
        .put("spec", new JsonObject().put("controller", "ingress.k8s.aws/alb"));
  }

  private JsonObject binding(int group) {
    return meta("shop", "web-" + group, Map.of())
        .put(
            "spec",
            new JsonObject()
                .put("targetGroupARN", groupArn(group))
                .put("targetType", "ip")
                .put("serviceRef", new JsonObject().put("name", "web-" + group).put("port", 80)));
  }

  private JsonObject agents() {
    return daemonSet(NAMESPACE, "eksnet-agent", AGENT_LABELS, nodes);
  }

  private JsonObject awsNode() {
    return daemonSet("kube-system", "aws-node", Map.of("k8s-app", "aws-node"), nodes);
  }

  private static JsonObject daemonSet(
      String namespace, String name, Map<String, String> labels, int nodes) {
    var template =
        new JsonObject()
            .put("metadata", new JsonObject().put("labels", new JsonObject(Map.copyOf(labels))))
            .put("spec", new JsonObject().put("serviceAccountName", name));
    return meta(namespace, name, labels)
        .put("spec", new JsonObject().put("template", template))
        .put(
            "status",
            new JsonObject().put("desiredNumberScheduled", nodes).put("numberReady", nodes));
  }

  static String arn(int balancer) {
    return "arn:aws:elasticloadbalancing:%s:111122223333:loadbalancer/app/lb-%d/1"
        .formatted(REGION, balancer);
  }

  static String groupArn(int group) {
    return "arn:aws:elasticloadbalancing:%s:111122223333:targetgroup/tg-%d/1"
        .formatted(REGION, group);
  }

  static String dns(int balancer) {
    return "lb-%d.%s.elb.amazonaws.com".formatted(balancer, REGION);
  }

  private static JsonArray array(Object... items) {
    return new JsonArray(List.of(items));
  }
}
