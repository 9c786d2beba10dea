package io.eksnet.web;

import static io.eksnet.web.WebFixture.NOON;
import static java.util.stream.Collectors.toMap;

import io.eksnet.controller.page.ClusterHistory;
import io.eksnet.controller.page.ClusterView;
import io.eksnet.controller.page.FailedRun;
import io.eksnet.controller.page.FreeAddresses;
import io.eksnet.controller.page.ProbeHistory;
import io.eksnet.controller.page.ProberCost;
import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.controller.web.ClusterDependencies.DataSource;
import io.eksnet.controller.web.ReplicaState;
import io.eksnet.incident.Change;
import io.eksnet.incident.IncidentHistory;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.ValidationError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/** Data of a status page: healthy and failing clusters, also with hostile names. */
public final class Views {
  /** Nothing is known. */
  public static final ClusterView NOTHING =
      new ClusterView(
          NOON,
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          List.of(),
          ClusterHistory.NONE,
          ProberCost.UNKNOWN);

  /** One incident that is open. */
  public static final IncidentHistory INCIDENTS =
      IncidentHistory.NONE.update(
          new IncidentHistory.Diagnosed(
              NOON,
              List.of(
                  new IncidentHistory.Open(
                      NOON.minusSeconds(60),
                      Finding.builder(RootCause.IPAMD_DOWN, "node/ip-10-0-0-10", 90)
                          .evidence("ipamd answers `nothing` <b>at all</b>")
                          .fix("restart aws-node")
                          .build())),
              Set.of("ip-10-0-0-10"),
              Inventory.EMPTY,
              List.of(change("node/ip-10-0-0-10", "{dedicated: gpu}")),
              true));

  /** The state of a leader that has data of incidents only. */
  public static final ReplicaState STATE =
      new ReplicaState(
          NOON,
          new Evidence(NOON, Inventory.EMPTY, List.of()),
          List.of(),
          ClusterDependencies.Diagnosed.NOT_YET,
          List.of(),
          Map.of(),
          List.of(),
          List.of(),
          INCIDENTS.all(),
          INCIDENTS.all().get(0).changes());

  private static final List<String> ZONES = List.of("eu-west-1a", "eu-west-1b", "eu-west-1c");

  private Views() {}

  /**
   * Data that are 7 s old.
   *
   * @param unavailable why there are none
   */
  public static DataSource source(Optional<String> unavailable) {
    return new DataSource(
        unavailable, NOON.minusSeconds(7), Duration.ofSeconds(7), "eksnet-controller-a");
  }

  /** All is well and everything known. */
  public static ClusterView healthy(int nodes) {
    var agents = IntStream.range(0, nodes).mapToObj(i -> agent(i, List.of(true, true))).toList();
    return view(everythingKnown(agents), List.of(), agents, List.of());
  }

  /** Two causes with a consequence: DNS of some nodes, and a subnet that is full. */
  public static ClusterView incident(int nodes) {
    var agents =
        IntStream.range(0, nodes)
            .mapToObj(i -> agent(i, i % 4 == 1 ? List.of(false, false) : List.of(true, true)))
            .toList();
    return view(everythingKnown(agents), findings(), agents, List.of(failure("node-1", "coredns")));
  }

  /** The same with other findings. */
  public static ClusterView with(ClusterView view, List<Finding> findings) {
    return view(view.inventory().orElseThrow(), findings, view.agents(), view.failures());
  }

  /** The same with one part changed. */
  public static <T> ClusterView with(ClusterView view, Resource<T> part, Snapshot<T> known) {
    return view(
        view.inventory().orElseThrow().with(part, known),
        view.findings(),
        view.agents(),
        view.failures());
  }

  /** The same from other agents. */
  public static ClusterView from(ClusterView view, List<AgentReport> agents) {
    return view(view.inventory().orElseThrow(), view.findings(), agents, view.failures());
  }

  /** The same with other failures. */
  public static ClusterView failed(ClusterView view, List<FailedRun> failures) {
    return view(view.inventory().orElseThrow(), view.findings(), view.agents(), failures);
  }

  /** The same with objects that the plans leave out. */
  public static ClusterView notProbed(ClusterView view, List<ValidationError> errors) {
    return new ClusterView(
        view.now(),
        view.cluster(),
        view.following(),
        view.inventory(),
        view.diagnosed(),
        view.findings(),
        view.since(),
        view.notices(),
        view.ignored(),
        errors,
        view.agents(),
        view.freeAddresses(),
        view.failures(),
        view.history(),
        view.cost());
  }

  /** The same seen later, when nothing new came. */
  public static ClusterView later(ClusterView view, Duration by) {
    var now = view.now().plus(by);
    return new ClusterView(
        now,
        view.cluster(),
        view.following(),
        view.inventory().map(inventory -> inventory.ifFresh(now)),
        view.diagnosed().map(at -> now),
        view.findings(),
        view.since(),
        List.of(),
        List.of(),
        List.of(),
        view.agents(),
        view.freeAddresses(),
        view.failures(),
        view.history(),
        view.cost());
  }

  /** A cluster in which everything that can have a name has this one. */
  public static ClusterView named(String name) {
    var agent =
        new AgentReport(
            name,
            name,
            List.of(track(new SeriesKey.PodKey(name, name, name), List.of(false, false))),
            HostReport.NOTHING);
    var inventory =
        known(Resources.SUBNETS, List.of(subnet(name, name, 3)), Inventory.EMPTY)
            .with(
                Resources.DNS_PODS,
                Snapshot.<List<DnsPod>>notYet(Duration.ZERO)
                    .after(new Unavailable(Unavailable.Reason.ERROR, name)));
    inventory = known(Resources.LOAD_BALANCERS, List.of(balancer(name)), inventory);
    inventory = known(Resources.TARGET_GROUPS, List.of(group(name)), inventory);
    inventory =
        known(
            Resources.TARGET_HEALTH,
            List.of(
                new GroupHealth(
                    "arn-tg-" + name,
                    fresh(
                        List.of(
                            new TargetHealth(
                                "arn-tg-" + name, name, 80, name, name, name, name, 80))),
                    Optional.empty())),
            inventory);
    var finding =
        new Finding(
            RootCause.SUBNET_EXHAUSTED,
            name,
            new Confidence(95),
            List.of(name),
            List.of(name),
            List.of(name),
            List.of(),
            Set.of(),
            Duration.ZERO);
    var trace = new FailedRun(name, name, name, NOON, NOON, 1, name, name, name, "trace " + name);
    var detail = new FailedRun(name, name, name, NOON, NOON, 2, name, name, name, "");
    return view(
        inventory,
        List.of(finding),
        List.of(agent),
        List.of(trace, detail),
        history(2, List.of(change(name, name))));
  }

  /** The two causes of the incident, and what follows from the first. */
  public static List<Finding> findings() {
    return List.of(
        new Finding(
            RootCause.COREDNS_UNSCHEDULABLE,
            "deployment/kube-system/coredns",
            new Confidence(90),
            List.of(
                "2 of 2 pods of CoreDNS are Pending: 0/3 nodes are available: 3 node(s) had"
                    + " untolerated taint {dedicated: batch}",
                "dns service: 24 of 96 queries time out, from 25 of 100 nodes"),
            List.of("Not the VPC resolver: it answers from all nodes"),
            List.of(
                "kubectl -n kube-system describe pod -l k8s-app=kube-dns",
                "Add nodes without the taint, or a toleration to the Deployment coredns",
                "Check that dns_pods shows two ready pods again"),
            List.of(),
            Set.of(RootCause.DOWNSTREAM_OF_DNS),
            Duration.ZERO),
        new Finding(
            RootCause.DOWNSTREAM_OF_DNS,
            "cluster",
            new Confidence(60),
            List.of("STS fails while resolving, on the nodes where DNS fails"),
            List.of(),
            List.of("Repair DNS first"),
            List.of(),
            Set.of(),
            Duration.ZERO),
        new Finding(
            RootCause.SUBNET_EXHAUSTED,
            "subnet/subnet-0b1",
            new Confidence(70),
            List.of("subnet-0b1 has 3 of 251 addresses left"),
            List.of("Not the instance limit: 2 of 3 interfaces are in use"),
            List.of("Add a secondary CIDR and an ENIConfig", "Lower WARM_IP_TARGET"),
            List.of(),
            Set.of(),
            Duration.ZERO));
  }

  /** An agent with one path of each kind; the results of DNS are given, newest first. */
  public static AgentReport agent(int number, List<Boolean> dns) {
    var zone = ZONES.get(number % ZONES.size());
    var well = List.of(true, true);
    return new AgentReport(
        "ip-10-0-" + number / 250 + "-" + number % 250 + ".eu-west-1.compute.internal",
        zone,
        List.of(
            track(new SeriesKey.DnsKey("service", "", "internal", "A", "udp"), dns),
            track(new SeriesKey.DnsKey("vpc_resolver", "", "aws", "A", "udp"), well),
            track(new SeriesKey.ServiceKey("shop", "web", "name"), well),
            track(new SeriesKey.PodKey("a", zone, ZONES.get(0)), well),
            track(new SeriesKey.PodKey("b", zone, ZONES.get(1)), well),
            track(new SeriesKey.PodKey("c", zone, ZONES.get(2)), well),
            track(new SeriesKey.TargetKey("k8s-shop-web", "10.0.1.9"), well),
            track(new SeriesKey.LbKey("k8s-shop", ""), well),
            track(new SeriesKey.StsKey(), well)),
        HostReport.NOTHING);
  }

  private static ResultWindow track(SeriesKey subject, List<Boolean> newestFirst) {
    return new ResultWindow(
        subject,
        IntStream.range(0, newestFirst.size())
            .mapToObj(i -> result(NOON.minusSeconds(3 + 10L * i), newestFirst.get(i)))
            .toList());
  }

  private static Result result(Instant at, boolean well) {
    return new Result(
        at, well ? "success" : "timeout", Phase.RESOLVE, 0, false, false, well ? 2 : 0, Map.of());
  }

  /** A failure with a trace. */
  public static FailedRun failure(String node, String target) {
    return new FailedRun(
        node,
        "suite:dns/service/internal",
        target,
        NOON.minusSeconds(64),
        NOON.minusSeconds(4),
        7,
        "timeout",
        "resolve",
        "no answer within 2 s",
        "probe                suite:dns/service/internal (dns)\n"
            + "target               "
            + target
            + "\noutcome              timeout\nasked                10.100.0.10:53 over udp\n");
  }

  private static ClusterView view(
      Inventory inventory,
      List<Finding> findings,
      List<AgentReport> agents,
      List<FailedRun> failures) {
    return view(
        inventory,
        findings,
        agents,
        failures,
        history(
            findings.isEmpty() ? 0 : 2, List.of(change("node/ip-10-0-0-10", "{dedicated: gpu}"))));
  }

  private static ClusterView view(
      Inventory inventory,
      List<Finding> findings,
      List<AgentReport> agents,
      List<FailedRun> failures,
      ClusterHistory history) {
    return new ClusterView(
        NOON,
        "prod-1",
        Optional.empty(),
        Optional.of(inventory),
        Optional.of(NOON),
        findings,
        findings.stream().collect(toMap(finding -> finding, finding -> NOON.minusSeconds(840))),
        List.of(),
        List.of(),
        List.of(),
        agents,
        Map.of("subnet-0b1", falling(), "subnet-0a1", List.of()),
        failures,
        history,
        new ProberCost(
            OptionalDouble.of(42.25),
            OptionalLong.of(120L << 20),
            OptionalDouble.of(214),
            OptionalDouble.of(6.5)));
  }

  /**
   * A day with a failure in the morning, and {@code failing} bad quarters of an hour at its end.
   */
  private static ClusterHistory history(int failing, List<Change> changes) {
    var quarters =
        IntStream.rangeClosed(0, 96)
            .mapToObj(
                i ->
                    new ProbeHistory.Quarter(
                        NOON.minusSeconds(900L * (96 - i)),
                        NOON.minusSeconds(900L * (96 - i)),
                        Map.of(
                            Layer.DNS,
                            new ProbeHistory.Share(0, 42),
                            Layer.L7,
                            new ProbeHistory.Share(i == 30 ? 1 : i > 96 - failing ? 20 : 0, 24))))
            .toList();
    return new ClusterHistory(
        new ProbeHistory(quarters), failing == 0 ? List.of() : INCIDENTS.all(), changes);
  }

  private static Change change(String object, String to) {
    return new Change(
        NOON.minusSeconds(120),
        NOON.minusSeconds(90),
        Change.Kind.CHANGED,
        object,
        List.of(),
        "taints",
        "",
        to,
        "kubectl-taint");
  }

  private static List<FreeAddresses.Sample> falling() {
    return IntStream.range(0, 60)
        .mapToObj(i -> new FreeAddresses.Sample(NOON.minusSeconds(60L * (59 - i)), 121 - 2 * i))
        .toList();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a test that needs no value of every part
  private static Inventory everythingKnown(List<AgentReport> agents) {
    var inventory = Inventory.EMPTY;
    for (Resource part : Resources.all()) {
      inventory = inventory.with(part, fresh(List.of()));
    }
    var fleet = agents.stream().map(a -> new Agent(a.node(), a.zone(), "10.0.0.1", true)).toList();
    inventory = known(Resources.AGENTS, new AgentFleet(fleet.size(), fleet), inventory);
    inventory =
        known(
            Resources.CLUSTER,
            new EksCluster(
                "prod-1",
                Optional.empty(),
                Optional.empty(),
                "1.34",
                "vpc-1",
                List.of(),
                false,
                "STANDARD",
                Optional.empty(),
                List.of()),
            inventory);
    inventory = known(Resources.NODES, agents.stream().map(Views::node).toList(), inventory);
    inventory = known(Resources.DNS_PODS, List.of(dnsPod("a"), dnsPod("b")), inventory);
    inventory = known(Resources.FREE_PREFIXES, Map.of("subnet-0b1", 0, "subnet-0a1", 9), inventory);
    inventory =
        known(
            Resources.SUBNETS,
            List.of(
                subnet("subnet-0a1", "10.0.0.0/22", 800), subnet("subnet-0b1", "10.0.8.0/24", 3)),
            inventory);
    inventory =
        known(
            Resources.LOAD_BALANCERS,
            List.of(balancer("k8s-shop"), balancer("k8s-api")),
            inventory);
    inventory =
        known(Resources.TARGET_GROUPS, List.of(group("k8s-shop"), group("k8s-api")), inventory);
    return known(
        Resources.TARGET_HEALTH,
        List.of(health("k8s-shop", "healthy", "healthy"), health("k8s-api", "healthy")),
        inventory);
  }

  private static KubeNode node(AgentReport agent) {
    return new KubeNode(
        agent.node(), agent.zone(), "", List.of(), ComputeType.EC2, true, 58, 12, List.of(), NOON);
  }

  private static DnsPod dnsPod(String name) {
    return new DnsPod(
        "coredns-" + name, "", "10.0.0.9", "Running", true, Scheduling.DONE, "", NOON, "");
  }

  /** The health of the targets of the sample group of this name. */
  public static GroupHealth health(String name, String... states) {
    var arn = "arn-tg-" + name;
    var targets =
        IntStream.range(0, states.length)
            .mapToObj(
                i ->
                    new TargetHealth(
                        arn,
                        "10.0.1." + i,
                        8080,
                        "eu-west-1a",
                        states[i],
                        states[i].equals("unhealthy") ? "Target.Timeout" : "",
                        "",
                        8080))
            .toList();
    return new GroupHealth(arn, fresh(targets), Optional.empty());
  }

  /** A value read just now. */
  public static <T> Snapshot<T> fresh(T value) {
    return Snapshot.of(value, NOON.minusSeconds(5), Duration.ofMinutes(1));
  }

  private static <T> Inventory known(Resource<T> part, T value, Inventory inventory) {
    return inventory.with(part, fresh(value));
  }

  /** A subnet for nodes and pods. */
  public static Subnet subnet(String id, String cidr, int available) {
    return new Subnet(
        id,
        "eu-west-1a",
        cidr.contains("/2") ? cidr : "10.9.0.0/24",
        available,
        Set.of(SubnetRole.NODE, SubnetRole.POD),
        Map.of(),
        List.of());
  }

  private static LoadBalancer balancer(String name) {
    return new LoadBalancer(
        "arn-" + name,
        name,
        name + ".elb",
        "application",
        Scheme.INTERNET_FACING,
        "active",
        "",
        "vpc-1",
        Map.of("eu-west-1a", "subnet-0a1"),
        List.of(),
        List.of(new LoadBalancer.Listener(443, "HTTPS")),
        NOON,
        Optional.empty());
  }

  private static TargetGroup group(String name) {
    return new TargetGroup(
        "arn-tg-" + name,
        name,
        "HTTP",
        "HTTP1",
        8080,
        "ip",
        List.of("arn-" + name),
        new HealthCheck(
            true,
            "HTTP",
            "traffic-port",
            "/",
            "200",
            Duration.ofSeconds(15),
            Duration.ofSeconds(5)),
        Optional.empty());
  }
}
