package io.eksnet.lab.cluster;

import io.eksnet.lab.cluster.Pod.Program;
import io.eksnet.lab.cluster.SecurityGroup.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cluster with nothing wrong: six nodes in three zones, a shop, and what EKS brings along. */
public final class HealthyCluster {
  public static final String NAME = "lab";
  public static final String REGION = "eu-west-1";
  public static final String ACCOUNT = "111122223333";
  public static final String VPC = "vpc-0a1b2c3d4e5f60718";
  public static final String CLUSTER_GROUP = "sg-0aaaaaaaaaaaaaaa1";
  public static final String NODE_GROUP = "sg-0bbbbbbbbbbbbbbb2";
  public static final String FRONT_GROUP = "sg-0ccccccccccccccc3";
  public static final String BACK_GROUP = "sg-0ddddddddddddddd4";

  private static final List<String> ZONES = List.of("a", "b", "c");

  private final Ground ground;
  private final Instant now;
  private final Instant created;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final Map<String, Integer> given = new HashMap<>();

  private HealthyCluster(Ground ground, Instant now) {
    this.ground = ground;
    this.now = now;
    this.created = now.minus(Duration.ofDays(30));
  }

  /** The state of such a cluster on {@code ground}; it is 30 days old. */
  public static ClusterState on(Ground ground, Instant now) {
    return new HealthyCluster(ground, now).state();
  }

  /** The id of a subnet: {@code private} or {@code public}, and {@code a}, {@code b} or c. */
  public static String subnet(String kind, String zone) {
    return "subnet-" + Ids.hex(kind + zone, 17);
  }

  /** The ARN of a target group by its name. */
  public static String targetGroup(String name) {
    return arn("targetgroup/" + name + "/" + Ids.hex(name, 16));
  }

  /** The ARN of a load balancer by its name. */
  public static String loadBalancer(String name) {
    return arn("loadbalancer/app/" + name + "/" + Ids.hex(name, 16));
  }

  private static String arn(String rest) {
    return "arn:aws:elasticloadbalancing:" + REGION + ":" + ACCOUNT + ":" + rest;
  }

  private ClusterState state() {
    nodes();
    pods();
    var state =
        ClusterState.EMPTY
            .with(cluster(), vpc())
            .with(nodes)
            .with(nodes.stream().map(node -> Ipamd.well(node.name())).toList())
            .with(pods)
            .with(services())
            .with(workloads())
            .with(securityGroups())
            .with(kinds())
            .with(eks())
            .with(objects())
            .with(names());
    state = state.with(targetGroups(state)).with(loadBalancers()).with(ingresses());
    state = state.with(enis(state)).with(subnets());
    return state
        .with(subnetsWithoutUsed(state))
        .with(NetworkAcl.open("acl-" + Ids.hex(VPC, 17), subnetIds()));
  }

  private Cluster cluster() {
    return new Cluster(
        NAME,
        REGION,
        ACCOUNT,
        "1.33",
        "ACTIVE",
        VPC,
        List.of(subnet("private", "a"), subnet("private", "b"), subnet("private", "c")),
        CLUSTER_GROUP,
        ground.clusterIp(0) + "/16",
        false,
        "STANDARD",
        List.of(),
        created);
  }

  private Vpc vpc() {
    return new Vpc(VPC, List.of(ground.inVpc("0.0/16")), true, true);
  }

  private void nodes() {
    for (int i = 0; i < 6; i++) {
      var zone = ZONES.get(i % 3);
      var address = ground.inVpc(32 * (i % 3) + "." + (10 + i / 3));
      var name = "ip-" + address.replace('.', '-') + "." + REGION + ".compute.internal";
      nodes.add(Node.of(name, REGION + zone, address, subnet("private", zone), created));
    }
  }

  private void pods() {
    for (int i = 0; i < 2; i++) {
      pods.add(
          pod("kube-system", "coredns-5d4f8b6c7-" + i, i)
              .withLabels(Map.of("k8s-app", "kube-dns"))
              .withServiceAccount("coredns")
              .serving(
                  Program.Kind.DNS,
                  new Pod.Port("dns", ground.dns(), "UDP"),
                  new Pod.Port("dns-tcp", ground.dns(), "TCP")));
    }
    for (int i = 0; i < 3; i++) {
      pods.add(web("frontend", i));
      pods.add(web("backend", i + 3));
    }
    for (int i = 0; i < 6; i++) {
      pods.add(
          daemon("kube-system", "aws-node", Map.of("k8s-app", "aws-node"), i).withHostNetwork());
      pods.add(
          daemon(
                  "kube-system",
                  "eks-pod-identity-agent",
                  Map.of("app.kubernetes.io/name", "eks-pod-identity-agent"),
                  i)
              .withHostNetwork());
      pods.add(agent(i).serving(Program.Kind.HEALTH, new Pod.Port("http", ground.health(), "TCP")));
    }
    for (int i = 0; i < 2; i++) {
      pods.add(controller("kube-system", "aws-load-balancer-controller", i));
      pods.add(controller("karpenter", "karpenter", i));
    }
    pods.add(controller("kube-system", "external-dns", 0));
  }

  private Pod agent(int i) {
    return pod("eksnet", "eksnet-agent-" + i, i)
        .withLabels(
            Map.of("app.kubernetes.io/name", "eksnet", "app.kubernetes.io/component", "agent"))
        .withServiceAccount("eksnet-agent");
  }

  private Pod web(String name, int i) {
    return pod("shop", name + "-6b7c8d9f4-" + i, i)
        .withLabels(Map.of("app", name))
        .serving(Program.Kind.WEB, new Pod.Port("http", ground.web(), "TCP"));
  }

  private Pod controller(String namespace, String name, int i) {
    return pod(namespace, name + "-7f9d5c4b8-" + i, i)
        .withLabels(Map.of("app.kubernetes.io/name", name))
        .withServiceAccount(name)
        .withEnv(
            Map.of(
                "AWS_REGION",
                REGION,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://169.254.170.23/v1/credentials"));
  }

  private Pod daemon(String namespace, String name, Map<String, String> labels, int i) {
    var node = nodes.get(i);
    return Pod.running(namespace, name + "-" + i, node, node.address(), created)
        .withLabels(labels)
        .withServiceAccount(name);
  }

  private Pod pod(String namespace, String name, int i) {
    var node = nodes.get(i % nodes.size());
    return Pod.running(namespace, name, node, freeAddress(node), created);
  }

  private String freeAddress(Node node) {
    int used = given.merge(node.zone(), 1, Integer::sum);
    var subnet = node.address().substring(0, node.address().lastIndexOf('.'));
    return subnet + "." + (99 + used);
  }

  private List<KubeService> services() {
    return List.of(
        KubeService.of(
            "default",
            "kubernetes",
            ground.clusterIp(1),
            Map.of(),
            created,
            new KubeService.Port("https", "TCP", ground.service(), ground.api())),
        KubeService.of(
            "kube-system",
            "kube-dns",
            ground.clusterIp(10),
            Map.of("k8s-app", "kube-dns"),
            created,
            new KubeService.Port("dns", "UDP", ground.dns(), ground.dns()),
            new KubeService.Port("dns-tcp", "TCP", ground.dns(), ground.dns())),
        shop("frontend", 21),
        shop("backend", 22),
        KubeService.of(
            "eksnet",
            "eksnet-agents",
            "None",
            Map.of("app.kubernetes.io/name", "eksnet", "app.kubernetes.io/component", "agent"),
            created,
            new KubeService.Port("http", "TCP", ground.health(), ground.health())));
  }

  private KubeService shop(String name, int ip) {
    return KubeService.of(
        "shop",
        name,
        ground.clusterIp(ip),
        Map.of("app", name),
        created,
        new KubeService.Port("http", "TCP", ground.service(), ground.web()));
  }

  private List<Workload> workloads() {
    return List.of(
        workload("Deployment", "kube-system", "coredns", Map.of("k8s-app", "kube-dns"), 2),
        workload("DaemonSet", "kube-system", "aws-node", Map.of("k8s-app", "aws-node"), 6)
            .withEnv("ENABLE_PREFIX_DELEGATION", "false")
            .withEnv("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false")
            .withEnv("ENABLE_SUBNET_DISCOVERY", "true")
            .withEnv("ENABLE_POD_ENI", "false")
            .withEnv("WARM_ENI_TARGET", "1"),
        named("DaemonSet", "kube-system", "eks-pod-identity-agent", 6),
        named("Deployment", "kube-system", "aws-load-balancer-controller", 2),
        named("Deployment", "karpenter", "karpenter", 2),
        named("Deployment", "kube-system", "external-dns", 1),
        workload("Deployment", "shop", "frontend", Map.of("app", "frontend"), 3),
        workload("Deployment", "shop", "backend", Map.of("app", "backend"), 3),
        new Workload(
            "DaemonSet",
            "eksnet",
            "eksnet-agent",
            Map.of("app.kubernetes.io/name", "eksnet", "app.kubernetes.io/component", "agent"),
            "eksnet-agent",
            Map.of(),
            6,
            created));
  }

  private Workload named(String kind, String namespace, String name, int desired) {
    return workload(kind, namespace, name, Map.of("app.kubernetes.io/name", name), desired);
  }

  private Workload workload(
      String kind, String namespace, String name, Map<String, String> selector, int desired) {
    return new Workload(kind, namespace, name, selector, name, Map.of(), desired, created);
  }

  private List<SecurityGroup> securityGroups() {
    var own = Map.of("kubernetes.io/cluster/" + NAME, "owned");
    var tags = Map.of("elbv2.k8s.aws/cluster", NAME);
    return List.of(
        new SecurityGroup(
            CLUSTER_GROUP,
            "eks-cluster-sg-" + NAME,
            "EKS created security group",
            List.of(Rule.all(CLUSTER_GROUP), Rule.out()),
            own),
        new SecurityGroup(
            NODE_GROUP,
            NAME + "-node",
            "Nodes",
            List.of(
                Rule.all(NODE_GROUP),
                Rule.all(CLUSTER_GROUP),
                Rule.tcp(ground.web(), ground.web(), BACK_GROUP),
                Rule.out()),
            Map.of()),
        new SecurityGroup(
            FRONT_GROUP,
            "k8s-shop-storefro",
            "[k8s] Managed SecurityGroup for LoadBalancer",
            List.of(Rule.tcp(ground.lb(), ground.lb(), "0.0.0.0/0"), Rule.out()),
            tags),
        new SecurityGroup(
            BACK_GROUP,
            "k8s-traffic-" + NAME,
            "[k8s] Shared Backend SecurityGroup for LoadBalancer",
            List.of(Rule.out()),
            tags));
  }

  private static List<Crd> kinds() {
    return List.of(
        new Crd("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", "targetgroupbindings", true),
        new Crd("elbv2.k8s.aws/v1beta1", "IngressClassParams", "ingressclassparams", false),
        new Crd("karpenter.k8s.aws/v1", "EC2NodeClass", "ec2nodeclasses", false),
        new Crd("karpenter.sh/v1", "NodePool", "nodepools", false),
        new Crd("karpenter.sh/v1", "NodeClaim", "nodeclaims", false),
        new Crd("crd.k8s.amazonaws.com/v1alpha1", "ENIConfig", "eniconfigs", false),
        new Crd(
            "vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", "securitygrouppolicies", true));
  }

  private List<Item> eks() {
    var all = new ArrayList<Item>();
    for (var name : List.of("vpc-cni", "coredns", "kube-proxy", "eks-pod-identity-agent")) {
      all.add(new Addon(name, "v1.19.0-eksbuild.1", "ACTIVE", List.of()));
    }
    all.add(new Nodegroup("main", "ACTIVE", privateSubnets(), List.of()));
    all.add(identity("kube-system", "aws-load-balancer-controller"));
    all.add(identity("karpenter", "karpenter"));
    all.add(identity("kube-system", "external-dns"));
    all.add(
        new ClusterVersion(
            "1.33",
            "STANDARD_SUPPORT",
            now.minus(Duration.ofDays(200)),
            now.plus(Duration.ofDays(220)),
            now.plus(Duration.ofDays(585))));
    all.add(
        new ClusterVersion(
            "1.31",
            "EXTENDED_SUPPORT",
            now.minus(Duration.ofDays(500)),
            now.minus(Duration.ofDays(80)),
            now.plus(Duration.ofDays(285))));
    for (var service : List.of("sts", "ec2", "elasticloadbalancing")) {
      all.add(
          new VpcEndpoint(
              "vpce-" + Ids.hex(service, 17),
              service,
              "Interface",
              "available",
              true,
              privateSubnets(),
              List.of(CLUSTER_GROUP)));
    }
    all.add(
        new VpcEndpoint(
            "vpce-" + Ids.hex("s3", 17),
            "s3",
            "Gateway",
            "available",
            false,
            List.of(),
            List.of()));
    all.add(
        new PrefixList(
            "pl-6da54004", "com.amazonaws." + REGION + ".s3", "AWS", List.of("3.5.64.0/21")));
    return all;
  }

  private static PodIdentity identity(String namespace, String account) {
    var id = "a-" + Ids.hex(namespace + account, 17);
    return new PodIdentity(id, namespace, account, "arn:aws:iam::" + ACCOUNT + ":role/" + account);
  }

  private List<KubeObject> objects() {
    var all = new ArrayList<KubeObject>();
    all.add(
        KubeObject.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata:
              name: alb
              annotations: {ingressclass.kubernetes.io/is-default-class: "true"}
            spec: {controller: ingress.k8s.aws/alb}
            """));
    all.add(
        KubeObject.of(
            """
            apiVersion: karpenter.k8s.aws/v1
            kind: EC2NodeClass
            metadata: {name: default}
            spec:
              role: KarpenterNodeRole-lab
              subnetSelectorTerms: [{tags: {karpenter.sh/discovery: lab}}]
              securityGroupSelectorTerms: [{tags: {karpenter.sh/discovery: lab}}]
            status:
              subnets: [{id: SUBNET_A}, {id: SUBNET_B}, {id: SUBNET_C}]
              conditions:
              - {type: SubnetsReady, status: "True", reason: SubnetsReady, message: ""}
              - {type: SecurityGroupsReady, status: "True", reason: SecurityGroupsReady, message: ""}
              - {type: Ready, status: "True", reason: Ready, message: ""}
            """
                .replace("SUBNET_A", subnet("private", "a"))
                .replace("SUBNET_B", subnet("private", "b"))
                .replace("SUBNET_C", subnet("private", "c"))));
    all.add(
        KubeObject.of(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: kubernetes
              namespace: default
              labels: {kubernetes.io/service-name: kubernetes}
            addressType: IPv4
            endpoints: [{addresses: ["127.0.0.1"], conditions: {ready: true}}]
            ports: [{name: https, port: PORT, protocol: TCP}]
            """
                .replace("PORT", Integer.toString(ground.api()))));
    for (var account :
        List.of("aws-load-balancer-controller", "external-dns", "coredns", "aws-node")) {
      all.add(serviceAccount("kube-system", account));
    }
    all.add(serviceAccount("karpenter", "karpenter"));
    return all;
  }

  private static KubeObject serviceAccount(String namespace, String name) {
    return KubeObject.of(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: %s, namespace: %s}
        """
            .formatted(name, namespace));
  }

  private Names names() {
    return new Names(
        "world",
        """
        $ORIGIN com.
        @ SOA ns.com. hostmaster.com. 1 3600 600 86400 30
        example A %s
        sts.%s.amazonaws A %s
        sts.%s.amazonaws A %s
        """
            .formatted(
                ground.outside(200), REGION, ground.inVpc("0.50"), REGION, ground.inVpc("32.50")));
  }

  private List<TargetGroup> targetGroups(ClusterState state) {
    return List.of(
        targetGroup(state, "k8s-shop-frontend-0f1e2d3c4b", "frontend"),
        targetGroup(state, "k8s-shop-backend-1a2b3c4d5e", "backend"));
  }

  private TargetGroup targetGroup(ClusterState state, String name, String service) {
    var targets =
        state.get(KubeService.class, "shop/" + service).backends(state).stream()
            .map(pod -> target(state, pod))
            .toList();
    return new TargetGroup(
        targetGroup(name),
        name,
        "HTTP",
        "HTTP1",
        ground.web(),
        "ip",
        TargetGroup.HealthCheck.http("/ok"),
        targets,
        Duration.ofMinutes(5),
        Map.of(
            "elbv2.k8s.aws/cluster",
            NAME,
            "ingress.k8s.aws/stack",
            "shop/storefront",
            "ingress.k8s.aws/resource",
            "shop/storefront-" + service + ":" + ground.service()));
  }

  private TargetGroup.Target target(ClusterState state, Pod pod) {
    return new TargetGroup.Target(pod.ip(), ground.web(), state.get(Node.class, pod.node()).zone());
  }

  private List<LoadBalancer> loadBalancers() {
    return List.of(
        balancer("k8s-shop-storefro-5a6b7c8d9e", "internet-facing", "storefront"),
        balancer("k8s-shop-admin-9e8d7c6b5a", "internal", "admin"));
  }

  private LoadBalancer balancer(String name, String scheme, String ingress) {
    boolean internal = scheme.equals("internal");
    var places = new ArrayList<LoadBalancer.Place>();
    for (int i = 0; i < 3; i++) {
      places.add(
          new LoadBalancer.Place(
              REGION + ZONES.get(i),
              subnet(internal ? "private" : "public", ZONES.get(i)),
              internal ? ground.inVpc(32 * i + ".60") : ground.outside(1 + i)));
    }
    var front = targetGroup("k8s-shop-frontend-0f1e2d3c4b");
    var back = targetGroup("k8s-shop-backend-1a2b3c4d5e");
    var rules =
        internal
            ? List.of(new LoadBalancer.Rule("admin.shop.example.com", "/", back))
            : List.of(
                new LoadBalancer.Rule("shop.example.com", "/echo", back),
                new LoadBalancer.Rule("shop.example.com", "/", front));
    return new LoadBalancer(
        loadBalancer(name),
        name,
        (internal ? "internal-" : "") + name + "-1234567890." + REGION + ".elb.amazonaws.com",
        "application",
        scheme,
        "active",
        "",
        places,
        List.of(FRONT_GROUP, BACK_GROUP),
        List.of(new LoadBalancer.Listener("HTTP", ground.lb(), rules)),
        Map.of(
            "elbv2.k8s.aws/cluster",
            NAME,
            "ingress.k8s.aws/stack",
            "shop/" + ingress,
            "ingress.k8s.aws/resource",
            "LoadBalancer"),
        created);
  }

  private List<Item> ingresses() {
    var all = new ArrayList<Item>();
    for (var lb : loadBalancers()) {
      boolean internal = lb.scheme().equals("internal");
      var name = internal ? "admin" : "storefront";
      var rules =
          lb.listeners().get(0).rules().stream()
              .map(
                  rule ->
                      new Ingress.Rule(
                          rule.host(),
                          rule.path(),
                          rule.targetGroupArn().contains("frontend") ? "frontend" : "backend",
                          ground.service()))
              .toList();
      all.add(
          new Ingress(
              "shop",
              name,
              "alb",
              Map.of(
                  "alb.ingress.kubernetes.io/scheme",
                  lb.scheme(),
                  "alb.ingress.kubernetes.io/target-type",
                  "ip",
                  "alb.ingress.kubernetes.io/listen-ports",
                  "[{\"HTTP\": " + ground.lb() + "}]"),
              rules,
              lb.host(),
              created));
      all.add(
          KubeEvent.of(
              "Ingress shop/" + name,
              "Normal",
              "SuccessfullyReconciled",
              "Successfully reconciled",
              "ingress",
              now.minus(Duration.ofMinutes(5))));
    }
    all.add(binding("k8s-shop-frontend-0f1e2d3c4b", "frontend"));
    all.add(binding("k8s-shop-backend-1a2b3c4d5e", "backend"));
    return all;
  }

  private Binding binding(String group, String service) {
    return new Binding(
        "elbv2.k8s.aws/v1beta1",
        "shop",
        group,
        targetGroup(group),
        "ip",
        service,
        ground.service(),
        BACK_GROUP,
        "",
        created);
  }

  private List<Eni> enis(ClusterState state) {
    var all = new ArrayList<Eni>();
    for (var node : state.all(Node.class)) {
      var addresses = new ArrayList<String>();
      addresses.add(node.address().replaceAll("\\.(\\d+)$", ".2$1"));
      pods.stream()
          .filter(pod -> pod.node().equals(node.name()) && !pod.hostNetwork())
          .forEach(pod -> addresses.add(pod.ip()));
      all.add(eni(node.name(), node, 0, List.of(node.address())));
      all.add(eni(node.name() + " 1", node, 1, addresses));
    }
    for (var lb : state.all(LoadBalancer.class)) {
      int last = lb.scheme().equals("internal") ? 60 : 20;
      for (var place : lb.places()) {
        all.add(
            detached(
                lb.path() + place.zone(),
                place.subnetId(),
                place.zone(),
                "ELB " + lb.path(),
                lb.scheme().equals("internal")
                    ? place.address()
                    : ground.inVpc(96 + lb.places().indexOf(place) + "." + last),
                lb.groups()));
      }
    }
    for (int i = 0; i < 2; i++) {
      var zone = ZONES.get(i);
      all.add(
          detached(
              "eks" + i,
              subnet("private", zone),
              REGION + zone,
              "Amazon EKS " + NAME,
              ground.inVpc(32 * i + ".5"),
              List.of(CLUSTER_GROUP)));
    }
    return all;
  }

  private static Eni eni(String seed, Node node, int device, List<String> addresses) {
    return new Eni(
        "eni-" + Ids.hex(seed, 17),
        node.subnetId(),
        node.zone(),
        "interface",
        device == 0 ? "" : "aws-K8S-" + node.instanceId(),
        node.instanceId(),
        device,
        addresses,
        List.of(),
        List.of(NODE_GROUP),
        Map.of("node.k8s.amazonaws.com/instance_id", node.instanceId()));
  }

  private static Eni detached(
      String seed,
      String subnet,
      String zone,
      String description,
      String address,
      List<String> groups) {
    return new Eni(
        "eni-" + Ids.hex(seed, 17),
        subnet,
        zone,
        "interface",
        description,
        "",
        0,
        List.of(address),
        List.of(),
        groups,
        Map.of());
  }

  private List<Subnet> subnets() {
    var all = new ArrayList<Subnet>();
    for (int i = 0; i < 3; i++) {
      var zone = ZONES.get(i);
      all.add(
          new Subnet(
              subnet("private", zone),
              REGION + zone,
              ground.inVpc(32 * i + ".0/19"),
              8187,
              false,
              "",
              Map.of(
                  "Name",
                  NAME + "-private-" + zone,
                  "kubernetes.io/role/internal-elb",
                  "1",
                  "karpenter.sh/discovery",
                  NAME),
              List.of()));
      all.add(
          new Subnet(
              subnet("public", zone),
              REGION + zone,
              ground.inVpc(96 + i + ".0/24"),
              251,
              true,
              "",
              Map.of("Name", NAME + "-public-" + zone, "kubernetes.io/role/elb", "1"),
              List.of()));
    }
    return all;
  }

  /** What interfaces have is not available. */
  private static List<Subnet> subnetsWithoutUsed(ClusterState state) {
    return state.all(Subnet.class).stream()
        .map(
            subnet -> {
              int used =
                  state.all(Eni.class).stream()
                      .filter(eni -> eni.subnetId().equals(subnet.id()))
                      .mapToInt(eni -> eni.addresses().size())
                      .sum();
              return subnet.withAvailable(subnet.available() - used);
            })
        .toList();
  }

  private static List<String> privateSubnets() {
    return ZONES.stream().map(zone -> subnet("private", zone)).toList();
  }

  private static List<String> subnetIds() {
    var all = new ArrayList<>(privateSubnets());
    ZONES.forEach(zone -> all.add(subnet("public", zone)));
    return all;
  }
}
