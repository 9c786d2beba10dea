package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An immutable cluster for rule tests, healthy until changed. */
record Scene(Evidence evidence) {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final Instant LONG_AGO = NOW.minus(Duration.ofDays(1));
  static final List<String> ZONES = List.of("eu-west-1a", "eu-west-1b", "eu-west-1c");
  static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5", "n6");
  static final List<String> DNS_IPS = List.of("10.0.0.10", "10.0.1.10");
  static final List<String> TARGET_IPS = List.of("10.0.0.80", "10.0.1.80", "10.0.2.80");
  static final String LB_ARN = "arn:lb/shop";
  static final String TG_ARN = "arn:tg/shop";
  private static final Duration EVERY = Duration.ofMinutes(1);

  static Scene healthy() {
    var scene = new Scene(new Evidence(NOW, Inventory.EMPTY, agents()));
    return scene
        .with(
            Resources.DNS_PODS,
            List.of(
                dnsPod("coredns-a", "n1", DNS_IPS.get(0)),
                dnsPod("coredns-b", "n2", DNS_IPS.get(1))))
        .with(Resources.NODES, NODES.stream().map(Scene::node).toList())
        .with(Resources.SERVICES, List.of(kubeDns(), shop()))
        .with(Resources.INGRESSES, List.of(ingress()))
        .with(
            Resources.INGRESS_CLASSES,
            List.of(new IngressClass("alb", "ingress.k8s.aws/alb", false)))
        .with(
            Resources.TARGET_GROUP_BINDINGS,
            List.of(
                new TargetGroupBinding(
                    "shop", "k8s-shop-web", "web", "80", TG_ARN, Optional.empty())))
        .with(Resources.NOT_READY_NODES, List.of())
        .with(Resources.PENDING_PODS, List.of())
        .with(
            Resources.SERVICE_PODS,
            TARGET_IPS.stream()
                .map(ip -> new ServicePod(ip, "n1", true, false, Optional.empty(), LONG_AGO))
                .toList())
        .with(Resources.READINESS_GATES, List.of())
        .with(Resources.SANDBOX_FAILURES, List.of())
        .with(
            Resources.COMPONENTS,
            List.of(
                component("coredns", "coredns"),
                component("aws-load-balancer-controller", "aws-load-balancer-controller"),
                component("aws-node", "aws-node")))
        .with(Resources.CNI_SETTINGS, new CniSettings(false, false, true, false, true))
        .with(Resources.ENI_CONFIGS, List.of())
        .with(Resources.NODE_CLASSES, List.of())
        .with(Resources.NODE_POOLS, List.of())
        .with(Resources.NODE_CLAIMS, List.of())
        .with(
            Resources.AGENTS,
            new AgentFleet(
                NODES.size(),
                NODES.stream().map(n -> new Agent(n, zone(n), "10.0.9.1", true)).toList()))
        .with(Resources.CLUSTER, cluster("STANDARD"))
        .with(
            Resources.ADDONS,
            List.of(new Addon("coredns", Optional.of("ACTIVE"), Optional.empty(), List.of())))
        .with(Resources.FARGATE_PROFILES, List.of())
        .with(Resources.POD_IDENTITY_ASSOCIATIONS, List.of())
        .with(
            Resources.SUBNETS,
            List.of(
                subnet("subnet-a", 0, 200), subnet("subnet-b", 1, 200), subnet("subnet-c", 2, 200)))
        .with(
            Resources.LB_SUBNETS,
            List.of(
                new Eligibility(
                    Scheme.INTERNET_FACING, "subnet-a", ZONES.get(0), IneligibleReason.NONE),
                new Eligibility(
                    Scheme.INTERNET_FACING, "subnet-b", ZONES.get(1), IneligibleReason.NONE)))
        .with(Resources.VPC_ENDPOINTS, List.of())
        .with(Resources.LEAKED_INTERFACES, List.of())
        .with(
            Resources.SECURITY_PATHS,
            TARGET_IPS.stream()
                .map(ip -> path(ip, SecurityPath.Use.TRAFFIC, SecurityPath.Verdict.PERMITTED))
                .toList())
        .with(Resources.LOAD_BALANCERS, List.of(loadBalancer("active")))
        .with(Resources.TARGET_GROUPS, List.of(targetGroup()))
        .targets(TARGET_IPS.stream().map(ip -> target(ip, "healthy", "", "")).toList())
        .with(Resources.CALLER_IDENTITY, new CallerIdentity("irsa"));
  }

  /** Sets a resource, read just now. */
  <T> Scene with(Resource<T> part, T value) {
    return inventory(evidence.inventory().with(part, Snapshot.of(value, NOW, EVERY)));
  }

  /** Makes a resource unreadable since the start. */
  <T> Scene without(Resource<T> part) {
    return unavailable(part, Unavailable.Reason.TIMEOUT);
  }

  /** Makes a resource unavailable since the start, for this reason. */
  <T> Scene unavailable(Resource<T> part, Unavailable.Reason why) {
    var lack = new Unavailable(why, "in the test");
    return inventory(evidence.inventory().with(part, Snapshot.<T>notYet(EVERY).after(lack)));
  }

  /** Sets the targets of the target group, read just now. */
  Scene targets(List<TargetHealth> targets) {
    return targets(targets, Optional.of(NOW.minus(EVERY)));
  }

  Scene targets(List<TargetHealth> targets, Optional<Instant> drainingAfter) {
    return with(
        Resources.TARGET_HEALTH,
        List.of(
            new GroupHealth(TG_ARN, Snapshot.of(List.copyOf(targets), NOW, EVERY), drainingAfter)));
  }

  List<TargetHealth> targets() {
    return GroupHealth.targetsIn(evidence.inventory());
  }

  /** Changes each element of a resource. */
  <T> Scene each(Resource<List<T>> part, UnaryOperator<T> change) {
    return with(part, evidence.inventory().list(part).stream().map(change).toList());
  }

  /** Removes all agent reports. */
  Scene withoutAgents() {
    return new Scene(new Evidence(evidence.now(), evidence.inventory(), List.of()));
  }

  /** Makes the latest runs of these series fail on all nodes. */
  Scene failing(Predicate<SeriesKey> subjects, String outcome, Phase phase) {
    return failing(node -> true, subjects, outcome, phase);
  }

  /** Makes the latest runs of these series fail on these nodes. */
  Scene failing(
      Predicate<String> nodes, Predicate<SeriesKey> subjects, String outcome, Phase phase) {
    return results(
        nodes, subjects, at -> new Result(at, outcome, phase, 0, false, false, 0, Map.of()));
  }

  /** Sets the latest results of these series on these nodes. */
  Scene results(
      Predicate<String> nodes, Predicate<SeriesKey> subjects, Function<Instant, Result> result) {
    return agents(
        agent ->
            nodes.test(agent.node())
                ? new AgentReport(
                    agent.node(),
                    agent.zone(),
                    agent.windows().stream()
                        .map(t -> subjects.test(t.key()) ? window(t.key(), result) : t)
                        .toList(),
                    agent.host())
                : agent);
  }

  /** Makes load balancers send this code themselves in the last 30 s, after successes. */
  Scene answeredLately(Predicate<SeriesKey> subjects, int code) {
    return results(
        node -> true,
        subjects,
        at ->
            at.isBefore(NOW.minusSeconds(30))
                ? good(at)
                : new Result(at, "http_status", Phase.PROCESSING, code, true, false, 0, Map.of()));
  }

  Scene host(Predicate<String> nodes, UnaryOperator<HostReport> change) {
    return agents(
        agent ->
            nodes.test(agent.node())
                ? new AgentReport(
                    agent.node(), agent.zone(), agent.windows(), change.apply(agent.host()))
                : agent);
  }

  /** Sets the address pool of these nodes. */
  Scene pool(Predicate<String> nodes, AddressPool pool) {
    return host(
        nodes,
        host ->
            new HostReport(
                host.nameserversOk(),
                host.podIdentityAgent(),
                host.ipamd(),
                Optional.of(pool),
                host.allowances(),
                host.privateEndpoints(),
                host.failingAddresses()));
  }

  Scene agents(UnaryOperator<AgentReport> change) {
    return new Scene(
        new Evidence(
            evidence.now(),
            evidence.inventory(),
            evidence.agents().stream().map(change).toList(),
            evidence.baselines()));
  }

  Scene inventory(Inventory inventory) {
    return new Scene(
        new Evidence(evidence.now(), inventory, evidence.agents(), evidence.baselines()));
  }

  List<Finding> findings() {
    return Diagnosis.of(evidence);
  }

  Set<RootCause> causes() {
    return findings().stream().map(Finding::cause).collect(Collectors.toCollection(TreeSet::new));
  }

  static Predicate<SeriesKey> dns(String path) {
    return subject -> subject instanceof DnsKey dns && dns.path().equals(path);
  }

  static Predicate<SeriesKey> dns(String path, String queryClass) {
    return subject ->
        subject instanceof DnsKey dns
            && dns.path().equals(path)
            && dns.queryClass().equals(queryClass);
  }

  static <S extends SeriesKey> Predicate<SeriesKey> a(Class<S> type) {
    return type::isInstance;
  }

  static String zone(String node) {
    return ZONES.get((Integer.parseInt(node.substring(1)) - 1) % ZONES.size());
  }

  static DnsPod dnsPod(String name, String node, String ip) {
    return new DnsPod(
        name, node, ip, "Running", true, Scheduling.DONE, "default-scheduler", LONG_AGO, "");
  }

  static KubeNode node(String name) {
    return new KubeNode(
        name,
        zone(name),
        "i-" + name,
        List.of(),
        ComputeType.EC2,
        true,
        29,
        10,
        List.of(),
        LONG_AGO);
  }

  static TargetHealth target(String ip, String state, String reason, String description) {
    return new TargetHealth(TG_ARN, ip, 8080, ZONES.get(0), state, reason, description, 8080);
  }

  static SecurityPath path(String ip, SecurityPath.Use use, SecurityPath.Verdict verdict) {
    return new SecurityPath(
        LB_ARN,
        TG_ARN,
        ip,
        "eni-" + ip,
        List.of("sg-node"),
        8080,
        use,
        verdict,
        "sg-node, tcp 8080");
  }

  static LoadBalancer loadBalancer(String state) {
    return new LoadBalancer(
        LB_ARN,
        "k8s-shop-web",
        "k8s-shop-web-1.eu-west-1.elb.amazonaws.com",
        "application",
        Scheme.INTERNET_FACING,
        state,
        "",
        "vpc-1",
        Map.of(ZONES.get(0), "subnet-a", ZONES.get(1), "subnet-b"),
        List.of("sg-alb"),
        List.of(new LoadBalancer.Listener(80, "HTTP")),
        LONG_AGO,
        Optional.empty());
  }

  static TargetGroup targetGroup() {
    return new TargetGroup(
        TG_ARN,
        "k8s-shop-web-tg",
        "HTTP",
        "HTTP1",
        8080,
        "ip",
        List.of(LB_ARN),
        new HealthCheck(
            true,
            "HTTP",
            "traffic-port",
            "/health",
            "200",
            Duration.ofSeconds(15),
            Duration.ofSeconds(5)),
        Optional.empty());
  }

  static Subnet subnet(String id, int zone, int available) {
    return new Subnet(
        id,
        ZONES.get(zone),
        "10.0." + zone + ".0/24",
        available,
        Set.of(SubnetRole.NODE, SubnetRole.POD),
        Map.of("kubernetes.io/role/elb", "1"),
        List.of());
  }

  static Component component(String name, String serviceAccount) {
    return new Component(
        name,
        "kube-system",
        serviceAccount,
        2,
        2,
        false,
        ReconcileCause.OTHER,
        "",
        Optional.of("arn:aws:iam::1:role/" + name),
        Set.of(CredentialSource.IRSA));
  }

  static EksCluster cluster(String supportType) {
    return new EksCluster(
        "prod",
        Optional.of("eu-west-1"),
        Optional.of("0A1B.gr7.eu-west-1.eks.amazonaws.com"),
        "1.33",
        "vpc-1",
        List.of("subnet-a", "subnet-b"),
        false,
        supportType,
        Optional.of(NOW.plus(Duration.ofDays(200))),
        List.of());
  }

  private static KubeService kubeDns() {
    return new KubeService(
        "kube-system",
        "kube-dns",
        "ClusterIP",
        List.of("172.20.0.10"),
        List.of(
            new ServicePort("dns", "UDP", 53, 0, Optional.empty(), ""),
            new ServicePort("dns-tcp", "TCP", 53, 0, Optional.empty(), "")),
        List.of(),
        Map.of(),
        Set.of(),
        Optional.of(DNS_IPS.stream().map(ip -> new Endpoint(ip, true, false, "n1")).toList()),
        Optional.empty());
  }

  private static KubeService shop() {
    return new KubeService(
        "shop",
        "web",
        "ClusterIP",
        List.of("172.20.3.3"),
        List.of(new ServicePort("", "TCP", 80, 0, Optional.empty(), "")),
        List.of(),
        Map.of(),
        Set.of(),
        Optional.of(TARGET_IPS.stream().map(ip -> new Endpoint(ip, true, false, "n1")).toList()),
        Optional.empty());
  }

  static KubeIngress ingress() {
    return new KubeIngress(
        "shop",
        "web",
        "alb",
        "",
        Scheme.INTERNET_FACING,
        List.of(new IngressRule("shop.example.com", "/", "web", "80")),
        false,
        List.of("k8s-shop-web-1.eu-west-1.elb.amazonaws.com"),
        Map.of(),
        Optional.of(
            new Reconcile(
                false,
                ReconcileCause.OTHER,
                "SuccessfullyReconciled",
                "Successfully reconciled",
                1)),
        LONG_AGO);
  }

  private static List<AgentReport> agents() {
    return NODES.stream()
        .map(
            node ->
                new AgentReport(
                    node,
                    zone(node),
                    subjects(node).map(subject -> window(subject, Scene::good)).toList(),
                    new HostReport(
                        Optional.of(true),
                        Optional.empty(),
                        Optional.of(true),
                        Optional.of(new AddressPool(20, 10, 2, 3, 0, Map.of())),
                        Map.of("linklocal", 0L),
                        Map.of("sts", false),
                        Map.of())))
        .toList();
  }

  private static Stream<SeriesKey> subjects(String node) {
    var subjects = new ArrayList<SeriesKey>();
    for (var queryClass : List.of("internal", "aws", "external", "negative")) {
      subjects.add(new DnsKey("service", "", queryClass, "A", "udp"));
    }
    subjects.add(new DnsKey("service", "", "internal", "A", "tcp"));
    for (var ip : DNS_IPS) {
      subjects.add(new DnsKey("backend", ip, "internal", "A", "udp"));
      subjects.add(new DnsKey("backend", ip, "internal", "A", "tcp"));
    }
    for (var queryClass : List.of("aws", "external")) {
      subjects.add(new DnsKey("vpc_resolver", "169.254.169.253", queryClass, "A", "udp"));
    }
    subjects.add(new ServiceKey("default", "kubernetes", "name"));
    subjects.add(new ServiceKey("default", "kubernetes", "cluster_ip"));
    subjects.add(new ServiceKey("shop", "web", "name"));
    subjects.add(new ServiceKey("shop", "web", "cluster_ip"));
    NODES.stream()
        .filter(peer -> !peer.equals(node))
        .limit(4)
        .forEach(peer -> subjects.add(new PodKey(peer, zone(node), zone(peer))));
    TARGET_IPS.forEach(ip -> subjects.add(new TargetKey("k8s-shop-web-tg", ip)));
    subjects.add(new LbKey("k8s-shop-web", "80 shop.example.com"));
    subjects.add(new StsKey());
    return subjects.stream();
  }

  private static Result good(Instant at) {
    return new Result(at, "success", Phase.PROCESSING, 200, false, false, 3, Map.of());
  }

  private static ResultWindow window(SeriesKey subject, Function<Instant, Result> result) {
    return new ResultWindow(
        subject,
        IntStream.range(0, 4).mapToObj(i -> result.apply(NOW.minusSeconds(2 + 15L * i))).toList());
  }
}
