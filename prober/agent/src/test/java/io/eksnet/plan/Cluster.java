package io.eksnet.plan;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.eksnet.config.DnsSuite;
import io.eksnet.config.EnaSuite;
import io.eksnet.config.EndpointsSuite;
import io.eksnet.config.IdentitySuite;
import io.eksnet.config.IpamdSuite;
import io.eksnet.config.LbSuite;
import io.eksnet.config.PodSuite;
import io.eksnet.config.ServiceSuite;
import io.eksnet.config.StsSuite;
import io.eksnet.config.SuiteSchedule;
import io.eksnet.config.Suites;
import io.eksnet.config.TargetSuite;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Words for inventories in tests. */
public final class Cluster {
  public static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  public static final Duration EVERY = ofSeconds(30);
  public static final Suites SUITES = suites("default/kubernetes");

  private static final List<Resource<? extends List<?>>> USED =
      List.of(
          Resources.DNS_PODS,
          Resources.SERVICES,
          Resources.INGRESSES,
          Resources.GATEWAYS,
          Resources.GATEWAY_ROUTES,
          Resources.LOAD_BALANCERS,
          Resources.TARGET_GROUPS,
          Resources.TARGET_HEALTH,
          Resources.SERVICE_PODS,
          Resources.NODES,
          Resources.COMPONENTS,
          Resources.IMAGE_REGISTRIES);

  private Cluster() {}

  public static Suites suites(String... services) {
    return suites(3, 3, services);
  }

  public static Suites suites(int peers, int agentsPerZone, String... services) {
    return new Suites(
        new DnsSuite(
            new SuiteSchedule(true, ofSeconds(15), ofSeconds(5)),
            Optional.of("cluster.local"),
            Optional.of("example.com"),
            Optional.empty(),
            true),
        new ServiceSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(5)), List.of(services)),
        new PodSuite(new SuiteSchedule(true, ofSeconds(15), ofSeconds(2)), peers),
        new TargetSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(5))),
        new LbSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(10)), agentsPerZone),
        new StsSuite(new SuiteSchedule(true, ofMinutes(1), ofSeconds(5)), Optional.empty()),
        new EndpointsSuite(
            new SuiteSchedule(true, ofMinutes(1), ofSeconds(5)), List.of(), Optional.empty()),
        new IdentitySuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(2)), Optional.empty()),
        new IpamdSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(5))),
        new EnaSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(5)), Optional.empty()));
  }

  /** An inventory with every resource that plans use, all of them empty. */
  public static Inventory empty() {
    var inventory = Inventory.EMPTY;
    for (var resource : USED) {
      inventory = inventory.with(none(resource), Snapshot.of(List.of(), NOW, EVERY));
    }
    inventory = with(inventory, Resources.CLUSTER, eksCluster());
    return with(inventory, Resources.AGENTS, new AgentFleet(0, List.of()));
  }

  @SuppressWarnings("unchecked") // an empty list is a list of anything
  private static Resource<List<?>> none(Resource<? extends List<?>> resource) {
    return (Resource<List<?>>) (Resource<?>) resource;
  }

  /** A cluster without an API endpoint. */
  private static EksCluster eksCluster() {
    return new EksCluster(
        "demo",
        Optional.of("eu-central-1"),
        Optional.empty(),
        "1.35",
        "vpc-1",
        List.of(),
        false,
        "STANDARD",
        Optional.empty(),
        List.of());
  }

  public static <T> Inventory with(Inventory inventory, Resource<T> part, T value) {
    return inventory.with(part, Snapshot.of(value, NOW, EVERY));
  }

  public static Inventory agents(List<Agent> agents) {
    return agents(empty(), agents);
  }

  public static Inventory agents(Inventory inventory, List<Agent> agents) {
    return with(inventory, Resources.AGENTS, new AgentFleet(agents.size(), agents));
  }

  /** Agents n-0 to n-… in turn in zones a, b, …. */
  public static List<Agent> fleet(int many, int zones) {
    return IntStream.range(0, many).mapToObj(i -> agent(i, zones)).toList();
  }

  public static Agent agent(int i, int zones) {
    return agent("n-" + i, "" + (char) ('a' + i % zones), address(i));
  }

  public static Agent agent(String node, String zone, String address) {
    return new Agent(node, zone, address, true);
  }

  public static String address(int i) {
    return "10." + (1 + i / 62_500) + "." + i / 250 % 250 + "." + (1 + i % 250);
  }

  public static DnsPod dnsPod(String ip, boolean ready) {
    return new DnsPod("coredns-" + ip, "n-0", ip, "Running", ready, Scheduling.DONE, "", NOW, "");
  }

  public static KubeService service(
      String name, String clusterIp, Map<String, String> annotations, ServicePort... ports) {
    return new KubeService(
        "shop",
        name,
        "ClusterIP",
        clusterIp.isEmpty() ? List.of() : List.of(clusterIp),
        List.of(ports),
        List.of(),
        annotations,
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }

  public static ServicePort port(String name, int port) {
    return new ServicePort(name, "TCP", port, 0, Optional.empty(), "");
  }

  public static KubeIngress ingress(
      String name, String address, Map<String, String> annotations, IngressRule... rules) {
    return new KubeIngress(
        "shop",
        name,
        "alb",
        "",
        Scheme.INTERNET_FACING,
        List.of(rules),
        true,
        address.isEmpty() ? List.of() : List.of(address),
        annotations,
        Optional.empty(),
        NOW);
  }

  public static LoadBalancer balancer(
      String name, String type, Scheme scheme, String state, Listener... listeners) {
    return new LoadBalancer(
        "arn:lb/" + name,
        name,
        name + ".eu-central-1.elb.amazonaws.com",
        type,
        scheme,
        state,
        "",
        "vpc-1",
        Map.of(),
        List.of(),
        List.of(listeners),
        NOW,
        Optional.empty());
  }

  public static TargetGroup group(
      String name, String version, HealthCheck check, String... balancers) {
    return new TargetGroup(
        "arn:tg/" + name,
        name,
        "HTTP",
        version,
        8080,
        "ip",
        List.of(balancers),
        check,
        Optional.empty());
  }

  public static HealthCheck check(String protocol, String port, String path, String matcher) {
    return new HealthCheck(true, protocol, port, path, matcher, ofSeconds(15), ofSeconds(5));
  }

  public static TargetHealth target(String group, String id, String state) {
    return new TargetHealth("arn:tg/" + group, id, 8080, "", state, "", "", 8080);
  }

  public static GroupHealth health(String group, List<TargetHealth> targets) {
    return new GroupHealth("arn:tg/" + group, Snapshot.of(targets, NOW, EVERY), Optional.empty());
  }

  public static ServicePod pod(String ip, String node) {
    return new ServicePod(ip, node, true, false, Optional.empty(), Instant.EPOCH);
  }
}
