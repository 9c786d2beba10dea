package io.eksnet.plan;

import static io.eksnet.plan.Cluster.SUITES;
import static io.eksnet.plan.Cluster.agents;
import static io.eksnet.plan.Cluster.balancer;
import static io.eksnet.plan.Cluster.check;
import static io.eksnet.plan.Cluster.fleet;
import static io.eksnet.plan.Cluster.group;
import static io.eksnet.plan.Cluster.health;
import static io.eksnet.plan.Cluster.ingress;
import static io.eksnet.plan.Cluster.pod;
import static io.eksnet.plan.Cluster.port;
import static io.eksnet.plan.Cluster.service;
import static io.eksnet.plan.Cluster.suites;
import static io.eksnet.plan.Cluster.target;
import static io.eksnet.plan.Cluster.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.Annotated;
import io.eksnet.agent.plan.Assignment.DnsBackend;
import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Peer;
import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.TrafficSource;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetPlanTest {
  private static final Inventory THREE = agents(fleet(3, 3));
  private static final String DNS_NAME = "shop.eu-central-1.elb.amazonaws.com";

  private static List<Assignment> of(FleetPlan plan, String node, Suite suite) {
    return plan.forNode(node).orElseThrow().assignments().stream()
        .filter(assignment -> assignment.suite() == suite)
        .toList();
  }

  private static List<Assignment> all(FleetPlan plan, Suite suite) {
    return plan.byNode().keySet().stream()
        .flatMap(node -> of(plan, node, suite).stream())
        .distinct()
        .toList();
  }

  private static Set<String> callers(FleetPlan plan, Assignment assignment) {
    return plan.byNode().values().stream()
        .filter(agent -> agent.assignments().contains(assignment))
        .map(AgentPlan::node)
        .collect(java.util.stream.Collectors.toSet());
  }

  @Test
  void withoutAgentsKnownThereAreNoPlans() {
    var plan = FleetPlan.of(SUITES, Inventory.EMPTY);
    assertThat(plan.byNode()).isEmpty();
    assertThat(plan.forNode("n-0")).isEmpty();
  }

  @Test
  void everyAgentHasPlanAndUnknownNodeHasNone() {
    var plan = FleetPlan.of(SUITES, THREE);
    assertThat(plan.byNode()).containsOnlyKeys("n-0", "n-1", "n-2");
    assertThat(plan.forNode("n-1").orElseThrow().zone()).isEqualTo("b");
    assertThat(plan.forNode("n-3")).isEmpty();
  }

  @Test
  void everyAgentAsksTheReadyPodsOfCoreDns() {
    var pods =
        List.of(
            Cluster.dnsPod("10.0.9.2", true),
            Cluster.dnsPod("10.0.9.1", true),
            Cluster.dnsPod("10.0.9.3", false),
            Cluster.dnsPod("", true));
    var plan = FleetPlan.of(SUITES, with(THREE, Resources.DNS_PODS, pods));
    for (var node : plan.byNode().keySet()) {
      assertThat(of(plan, node, Suite.DNS))
          .containsExactly(new DnsBackend("10.0.9.1"), new DnsBackend("10.0.9.2"));
    }
  }

  @Test
  void everyAgentCallsPeersAtTheirPort() {
    var plan = FleetPlan.of(suites(2, 3), THREE, AllowedTargets.CLUSTER, 9000);
    assertThat(of(plan, "n-0", Suite.POD))
        .containsExactlyInAnyOrder(
            new Peer("n-1", "b", "10.1.0.2", 9000), new Peer("n-2", "c", "10.1.0.3", 9000));
  }

  @Test
  void chosenAndAnnotatedServicesAreCalledByEveryAgent() {
    var services =
        List.of(
            service("backend", "10.100.0.7", Map.of(), port("https", 8443)),
            service("other", "10.100.0.8", Map.of(), port("http", 80)),
            service(
                "headless",
                "None",
                Map.of("eksnet.io/probe", "http", "eksnet.io/path", "/up"),
                port("admin", 9000),
                port("web", 8080)));
    var plan = FleetPlan.of(suites("shop/backend"), with(THREE, Resources.SERVICES, services));
    for (var node : plan.byNode().keySet()) {
      assertThat(of(plan, node, Suite.SERVICE))
          .containsExactly(
              new ServiceCall("shop", "backend", "10.100.0.7", 8443, "https", "/"),
              new ServiceCall("shop", "headless", "", 9000, "http", "/up"));
    }
    assertThat(plan.errors()).isEmpty();
  }

  @Test
  void aServiceThatIsNotThereIsObjectedTo() {
    var plan = FleetPlan.of(suites("shop/gone"), THREE);
    assertThat(plan.errors())
        .containsExactly(
            new ValidationError(
                "service/shop/gone",
                "suites.service.services",
                "there is no such Service",
                "correct the name, or take it out of the settings"));
  }

  @Test
  void anAnnotatedServiceIsProbedFromAFewAgentsOfEachZone() {
    var annotations =
        Map.of(
            "eksnet.io/probe", "https",
            "eksnet.io/port", "web",
            "eksnet.io/path", "/health",
            "eksnet.io/interval", "45s",
            "eksnet.io/expect", "200, 301-302");
    var services = List.of(service("backend", "10.100.0.7", annotations, port("web", 8443)));
    var plan = FleetPlan.of(suites(3, 2), with(agents(fleet(30, 3)), Resources.SERVICES, services));
    var expected =
        new Annotated(
            "service/shop/backend",
            "http",
            "https://backend.shop.svc.cluster.local:8443/health",
            Duration.ofSeconds(45),
            List.of("200", "301-302"));
    assertThat(all(plan, Suite.ANNOTATED)).containsExactly(expected);
    assertThat(callers(plan, expected)).hasSize(6);
  }

  @Test
  void theHealthOfAnAnnotatedGrpcServiceIsProbedAndItsPortIsConnectedTo() {
    var services =
        List.of(
            service("api", "10.100.0.7", Map.of("eksnet.io/probe", "grpc"), port("grpc", 50_051)));
    var plan = FleetPlan.of(suites(), with(THREE, Resources.SERVICES, services));

    assertThat(all(plan, Suite.SERVICE))
        .containsExactly(new ServiceCall("shop", "api", "10.100.0.7", 50_051, "tcp", ""));
    assertThat(all(plan, Suite.ANNOTATED))
        .extracting("kind", "target")
        .containsExactly(tuple("grpc", "grpc://api.shop.svc.cluster.local:50051"));
    assertThat(plan.errors()).isEmpty();
  }

  @Test
  void anAnnotatedIngressIsProbedAtItsHost() {
    var rules = new IngressRule("shop.example.com", "/", "backend", "80");
    var ingresses =
        List.of(
            ingress("web", "", Map.of("eksnet.io/probe", "tls"), rules),
            ingress("api", "", Map.of("eksnet.io/probe", "grpcs"), rules),
            ingress("young", "", Map.of("eksnet.io/probe", "http")),
            ingress("bare", DNS_NAME, Map.of("eksnet.io/probe", "tcp", "eksnet.io/port", "8080")));
    var plan = FleetPlan.of(suites(), with(THREE, Resources.INGRESSES, ingresses));
    assertThat(all(plan, Suite.ANNOTATED))
        .containsExactly(
            new Annotated(
                "ingress/shop/api",
                "grpc",
                "grpcs://shop.example.com:443",
                Duration.ofSeconds(30),
                List.of()),
            new Annotated(
                "ingress/shop/bare", "tcp", DNS_NAME + ":8080", Duration.ofSeconds(30), List.of()),
            new Annotated(
                "ingress/shop/web",
                "tls",
                "shop.example.com:443",
                Duration.ofSeconds(30),
                List.of()));
    assertThat(plan.errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "probe    | ftp       | is \"ftp\"                      | use tcp, tls, http, https, grpc"
            + " or grpcs",
        "path     | up        | is \"up\"                       | a path begins with / and has at"
            + " most 512 characters of ASCII without spaces and #, unlike \"up\"",
        "port     | 8 0       | is \"8 0\"                      | give the number or name of a"
            + " port",
        "port     | 81        | the Service has no port 81; it has 80 (web) | name one of TCP in"
            + " eksnet.io/port, or probe another Service",
        "interval | 10ms      | is \"10ms\"                     | give 1s to 1d, such as 30s",
        "interval | soon      | is \"soon\"                     | give 1s to 1d, such as 30s",
        "expect   | 1000      | is \"1000\"                     | give status codes, ranges or"
            + " classes, such as 200,301 or 2xx",
        "labels   | team      | has \"team\"                    | write each label once, as"
            + " name=value with commas in between",
        "labels   | a=1,a=2   | has \"a=2\"                     | write each label once, as"
            + " name=value with commas in between",
        "labels   | probe=x   | labels.probe: \"probe\" is a label of eksnet or of the scrape;"
            + " choose another name | change the labels",
        "intervl  | 10s       | is not known                    | use eksnet.io/probe, path, port,"
            + " interval, expect, labels, team, dns",
        "dns      | cdn       | is \"cdn\"                      | use elsewhere, or leave it out"
      })
  void reportsBadAnnotationAndKeepsTheOthers(
      String annotation, String value, String wrong, String remedy) {
    var annotations = new HashMap<>(Map.of("eksnet.io/probe", "http"));
    annotations.put("eksnet.io/" + annotation, value);
    var services =
        List.of(
            service("bad", "10.100.0.7", annotations, port("web", 80)),
            service("good", "10.100.0.8", Map.of("eksnet.io/probe", "tcp"), port("web", 80)));
    var plan = FleetPlan.of(suites(), with(THREE, Resources.SERVICES, services));
    assertThat(plan.errors())
        .containsExactly(
            new ValidationError("service/shop/bad", "eksnet.io/" + annotation, wrong, remedy));
    assertThat(all(plan, Suite.ANNOTATED))
        .containsExactly(
            new Annotated(
                "service/shop/good",
                "tcp",
                "good.shop.svc.cluster.local:80",
                Duration.ofSeconds(30),
                List.of()));
  }

  @Test
  void aPathHasNoMeaningForTcp() {
    var annotations = Map.of("eksnet.io/probe", "tcp", "eksnet.io/path", "/");
    var services = List.of(service("bad", "10.100.0.7", annotations, port("web", 80)));
    var plan = FleetPlan.of(suites(), with(THREE, Resources.SERVICES, services));
    assertThat(plan.errors())
        .containsExactly(
            new ValidationError(
                "service/shop/bad",
                "eksnet.io/path",
                "has a meaning for http and https only",
                "leave it out, or set eksnet.io/probe to http or https"));
  }

  @Test
  void aServiceWithoutTcpIsObjectedTo() {
    var dns = new ServicePort("dns", "UDP", 53, 0, Optional.empty(), "");
    var services = List.of(service("dns", "10.100.0.9", Map.of(), dns));
    var plan = FleetPlan.of(suites("shop/dns"), with(THREE, Resources.SERVICES, services));
    assertThat(all(plan, Suite.SERVICE)).isEmpty();
    assertThat(plan.errors())
        .containsExactly(
            new ValidationError(
                "service/shop/dns",
                "spec.ports",
                "the Service has no port of TCP; it has only others",
                "name one of TCP in eksnet.io/port, or probe another Service"));
  }

  @Test
  void aLoadBalancerIsCalledAtItsListenersUnderTheHostsOfItsIngresses() {
    var rules =
        new IngressRule[] {
          new IngressRule("shop.example.com", "/api/*", "backend", "80"),
          new IngressRule("shop.example.com", "/cart/items", "backend", "80"),
          new IngressRule("*.example.org", "", "backend", "80")
        };
    var address = DNS_NAME.toUpperCase(java.util.Locale.ROOT);
    assertThat(shared(ingress("web", address, BOTH_PORTS, rules)))
        .containsExactly(
            call(80, "http", "eksnet.example.org", "/", false),
            call(443, "https", "eksnet.example.org", "/", true),
            call(80, "http", "shop.example.com", "/api/", false),
            call(443, "https", "shop.example.com", "/api/", true));
  }

  private static final Map<String, String> BOTH_PORTS =
      Map.of("alb.ingress.kubernetes.io/listen-ports", "[{\"HTTP\": 80}, {\"HTTPS\":443}]");

  /** The controller of load balancers gives each Ingress of a group its own ports. */
  @Test
  void aHostIsCalledWhereItsIngressListensAndNowhereElse() {
    var certified = Map.of("alb.ingress.kubernetes.io/certificate-arn", "arn:aws:acm:…");
    var calls =
        shared(
            ingress("plain", DNS_NAME, Map.of(), rule("a.example.com")),
            ingress("secure", DNS_NAME, certified, rule("b.example.com")),
            ingress("both", DNS_NAME, BOTH_PORTS, rule("c.example.com")));

    assertThat(calls)
        .extracting(call -> call.host() + ":" + call.port())
        .containsExactlyInAnyOrder(
            "a.example.com:80", "b.example.com:443", "c.example.com:80", "c.example.com:443");
  }

  @Test
  void probesHostOfIngressWhoseClassDefinesThePorts() {
    var strange = Map.of("alb.ingress.kubernetes.io/listen-ports", "[{\"HTTP\": 8080}]");

    assertThat(shared(ingress("web", DNS_NAME, strange, rule("a.example.com"))))
        .extracting(LbCall::port)
        .containsExactly(80, 443);
  }

  @Test
  void ofAListenerThatRedirectsNoStatusIsExpected() {
    var annotations = new HashMap<>(BOTH_PORTS);
    annotations.put("alb.ingress.kubernetes.io/ssl-redirect", "443");
    annotations.put("eksnet.io/expect", "200");

    assertThat(shared(ingress("web", DNS_NAME, annotations, rule("a.example.com"))))
        .extracting(call -> call.port() + " " + call.statuses())
        .containsExactly("80 []", "443 [200]");
  }

  @Test
  void theBoundOnCallsLeavesNoListenerOut() {
    var rules =
        IntStream.range(0, 12)
            .mapToObj(i -> rule("h" + i + ".example.com"))
            .toArray(IngressRule[]::new);

    assertThat(shared(ingress("web", DNS_NAME, BOTH_PORTS, rules)))
        .hasSize(10)
        .extracting(LbCall::port)
        .contains(80, 443);
  }

  private static List<LbCall> shared(KubeIngress... ingresses) {
    var lb =
        balancer(
            "shop",
            "application",
            Scheme.INTERNET_FACING,
            "active",
            new Listener(443, "HTTPS"),
            new Listener(80, "HTTP"));
    var inventory =
        with(
            with(THREE, Resources.LOAD_BALANCERS, List.of(lb)),
            Resources.INGRESSES,
            List.of(ingresses));
    return all(FleetPlan.of(suites(), inventory), Suite.LB).stream()
        .map(LbCall.class::cast)
        .toList();
  }

  private static IngressRule rule(String host) {
    return new IngressRule(host, "/", "backend", "80");
  }

  private static LbCall call(int port, String protocol, String host, String path, boolean verify) {
    return new LbCall("shop", DNS_NAME, port, protocol, host, path, List.of(), verify);
  }

  @Test
  void pathAndExpectationOfALoadBalancerComeFromAnnotations() {
    var lb = balancer("shop", "application", Scheme.INTERNAL, "active", new Listener(443, "HTTPS"));
    var annotations = Map.of("eksnet.io/path", "/ping", "eksnet.io/expect", "204");
    var rule = new IngressRule("shop.example.com", "/", "backend", "80");
    var inventory =
        with(
            with(THREE, Resources.LOAD_BALANCERS, List.of(lb)),
            Resources.INGRESSES,
            List.of(ingress("web", DNS_NAME, annotations, rule)));
    assertThat(all(FleetPlan.of(suites(), inventory), Suite.LB))
        .containsExactly(
            new LbCall(
                "shop",
                DNS_NAME,
                443,
                "https",
                "shop.example.com",
                "/ping",
                List.of("204"),
                false));
  }

  @Test
  void aNetworkLoadBalancerIsCalledByTcpWhereItListensByTcp() {
    var lb =
        balancer(
            "shop",
            "network",
            Scheme.INTERNET_FACING,
            "active_impaired",
            new Listener(53, "UDP"),
            new Listener(443, "TLS"),
            new Listener(5432, "TCP"));
    assertThat(
            all(
                FleetPlan.of(suites(), with(THREE, Resources.LOAD_BALANCERS, List.of(lb))),
                Suite.LB))
        .containsExactly(
            new LbCall("shop", DNS_NAME, 443, "tcp", "", "", List.of(), false),
            new LbCall("shop", DNS_NAME, 5432, "tcp", "", "", List.of(), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"provisioning", "failed"})
  void aLoadBalancerThatDoesNotRouteIsNotCalled(String state) {
    var lb = balancer("shop", "network", Scheme.INTERNAL, state, new Listener(80, "TCP"));
    assertThat(
            all(
                FleetPlan.of(suites(), with(THREE, Resources.LOAD_BALANCERS, List.of(lb))),
                Suite.LB))
        .isEmpty();
  }

  @Test
  void aLoadBalancerIsCalledByAFewAgentsOfEachZone() {
    var lb = balancer("shop", "network", Scheme.INTERNET_FACING, "active", new Listener(80, "TCP"));
    var inventory = with(agents(fleet(90, 3)), Resources.LOAD_BALANCERS, List.of(lb));
    var callers =
        callers(
            FleetPlan.of(suites(3, 4), inventory),
            new LbCall("shop", DNS_NAME, 80, "tcp", "", "", List.of(), false));
    var zones = fleet(90, 3).stream().filter(agent -> callers.contains(agent.node())).toList();
    assertThat(zones.stream().map(Agent::zone).sorted())
        .containsExactly("a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c");
  }

  @Test
  void anInternalNetworkLoadBalancerIsNotCalledFromANodeOfItsTargets() {
    var lb = balancer("shop", "network", Scheme.INTERNAL, "active", new Listener(80, "TCP"));
    var inventory =
        with(
            with(
                with(
                    with(agents(fleet(4, 1)), Resources.LOAD_BALANCERS, List.of(lb)),
                    Resources.TARGET_GROUPS,
                    List.of(group("tg", "", check("TCP", "traffic-port", "", ""), "arn:lb/shop"))),
                Resources.TARGET_HEALTH,
                List.of(health("tg", List.of(target("tg", "10.2.0.1", "healthy"))))),
            Resources.SERVICE_PODS,
            List.of(pod("10.2.0.1", "n-2")));
    assertThat(
            callers(
                FleetPlan.of(suites(3, 3), inventory),
                new LbCall("shop", DNS_NAME, 80, "tcp", "", "", List.of(), false)))
        .containsExactlyInAnyOrder("n-0", "n-1", "n-3");
  }

  private static Inventory targets(Inventory inventory, TargetGroupSample... samples) {
    var all = inventory;
    all =
        with(all, Resources.TARGET_GROUPS, List.of(samples).stream().map(s -> s.group()).toList());
    all =
        with(
            all,
            Resources.TARGET_HEALTH,
            List.of(samples).stream()
                .map(
                    s ->
                        health(
                            s.group().name(),
                            s.states().entrySet().stream()
                                .map(e -> target(s.group().name(), e.getKey(), e.getValue()))
                                .toList()))
                .toList());
    return with(
        all,
        Resources.SERVICE_PODS,
        List.of(samples).stream()
            .flatMap(s -> s.states().keySet().stream())
            .distinct()
            .map(ip -> pod(ip, "n-0"))
            .toList());
  }

  private record TargetGroupSample(
      io.eksnet.model.inventory.TargetGroup group, Map<String, String> states) {}

  @Test
  void aTargetIsCalledAsItsHealthCheckDoesFromTwoOtherNodes() {
    var sample =
        new TargetGroupSample(
            group("tg", "HTTP1", check("HTTP", "traffic-port", "/up", "200-299, 301")),
            Map.of("10.2.0.1", "healthy"));
    var plan = FleetPlan.of(SUITES, targets(THREE, sample));
    var call = new TargetCall("tg", "10.2.0.1", 8080, "http", "/up", List.of("200-299", "301"));
    assertThat(all(plan, Suite.TARGET)).containsExactly(call);
    assertThat(callers(plan, call)).containsExactlyInAnyOrder("n-1", "n-2");
  }

  @Test
  void withTwoAgentsBothCallEachTarget() {
    var sample =
        new TargetGroupSample(
            group("tg", "", check("TCP", "9000", "", "")), Map.of("10.2.0.1", "unhealthy"));
    var plan = FleetPlan.of(SUITES, targets(agents(fleet(2, 1)), sample));
    assertThat(callers(plan, new TargetCall("tg", "10.2.0.1", 9000, "tcp", "", List.of())))
        .containsExactlyInAnyOrder("n-0", "n-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"draining", "unhealthy.draining", "initial", "unused"})
  void targetsThatComeOrGoAreLeftOut(String state) {
    var sample =
        new TargetGroupSample(
            group("tg", "", check("TCP", "9000", "", "")), Map.of("10.2.0.1", state));
    assertThat(all(FleetPlan.of(SUITES, targets(THREE, sample)), Suite.TARGET)).isEmpty();
  }

  @Test
  void aTargetWhosePodIsGoneLeavesAtOnce() {
    var sample =
        new TargetGroupSample(
            group("tg", "", check("TCP", "9000", "", "")), Map.of("10.2.0.1", "healthy"));
    var inventory = with(targets(THREE, sample), Resources.SERVICE_PODS, List.of());
    assertThat(all(FleetPlan.of(SUITES, inventory), Suite.TARGET)).isEmpty();
  }

  private static Inventory instances(
      Set<TrafficSource> local, String address, Endpoint... endpoints) {
    var group =
        new io.eksnet.model.inventory.TargetGroup(
            "arn:tg/tg",
            "tg",
            "HTTP",
            "HTTP1",
            30_080,
            "instance",
            List.of(),
            check("HTTP", "traffic-port", "/up", "200"),
            Optional.empty());
    var nodes =
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    new KubeNode(
                        "n-" + i,
                        "a",
                        "i-" + i,
                        List.of(address + i),
                        ComputeType.EC2,
                        true,
                        29,
                        3,
                        List.of(),
                        Cluster.NOW))
            .toList();
    var targets =
        IntStream.range(0, 3)
            .mapToObj(
                i -> new TargetHealth("arn:tg/tg", "i-" + i, 30_080, "a", "healthy", "", "", 0))
            .toList();
    var service =
        new KubeService(
            "shop",
            "web",
            "NodePort",
            List.of("10.100.0.7"),
            List.of(port("http", 80)),
            List.of(),
            Map.of(),
            local,
            Optional.of(List.of(endpoints)),
            Optional.empty());
    var inventory = with(THREE, Resources.TARGET_GROUPS, List.of(group));
    inventory = with(inventory, Resources.TARGET_HEALTH, List.of(health("tg", targets)));
    inventory = with(inventory, Resources.NODES, nodes);
    inventory = with(inventory, Resources.SERVICES, List.of(service));
    return with(
        inventory,
        Resources.TARGET_GROUP_BINDINGS,
        List.of(new TargetGroupBinding("shop", "tgb", "web", "80", "arn:tg/tg", Optional.empty())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.7.", "2001:db8::7"})
  void probesInstancesAtTheNodePortFromTwoOtherNodes(String address) {
    var plan = FleetPlan.of(SUITES, instances(Set.of(), address));
    assertThat(all(plan, Suite.TARGET)).hasSize(3);
    var call = new TargetCall("tg", address + "1", 30_080, "http", "/up", List.of("200"));
    assertThat(callers(plan, call)).containsExactlyInAnyOrder("n-0", "n-2");
  }

  @Test
  void probesOnlyNodesWithAReadyPodWhereTrafficStaysLocal() {
    var inventory =
        instances(
            Set.of(TrafficSource.EXTERNAL),
            "10.0.7.",
            new Endpoint("10.2.0.1", true, false, "n-0"),
            new Endpoint("10.2.0.2", false, false, "n-1"));
    var call = new TargetCall("tg", "10.0.7.0", 30_080, "http", "/up", List.of("200"));
    var plan = FleetPlan.of(SUITES, inventory);
    assertThat(all(plan, Suite.TARGET)).containsExactly(call);
    assertThat(callers(plan, call)).containsExactlyInAnyOrder("n-1", "n-2");
  }

  @Test
  void leavesOutInstancesThatAreUnhealthyByDesign() {
    var inventory = instances(Set.of(), "10.0.7.");
    var group =
        new io.eksnet.model.inventory.TargetGroup(
            "arn:tg/tg",
            "tg",
            "TCP",
            "",
            30_080,
            "instance",
            List.of(),
            check("HTTP", "32100", "/healthz", "200"),
            Optional.empty());
    var targets =
        List.of(
            new TargetHealth("arn:tg/tg", "i-0", 30_080, "a", "healthy", "", "", 0),
            new TargetHealth(
                "arn:tg/tg",
                "i-1",
                30_080,
                "a",
                "unhealthy",
                "Target.ResponseCodeMismatch",
                "Health checks failed with these codes: [503]",
                0));
    inventory = with(inventory, Resources.TARGET_GROUPS, List.of(group));
    inventory = with(inventory, Resources.TARGET_HEALTH, List.of(health("tg", targets)));
    assertThat(all(FleetPlan.of(SUITES, inventory), Suite.TARGET))
        .extracting(call -> ((TargetCall) call).address())
        .containsExactly("10.0.7.0");
  }

  @Test
  void waitsForServicesAndNodesBeforeItProbesInstances() {
    var inventory = instances(Set.of(), "10.0.7.");
    for (var unknown :
        List.of(
            inventory.with(Resources.SERVICES, Snapshot.notYet(Cluster.EVERY)),
            inventory.with(Resources.NODES, Snapshot.notYet(Cluster.EVERY)))) {
      var plan = FleetPlan.of(SUITES, unknown);
      assertThat(all(plan, Suite.TARGET)).isEmpty();
      assertThat(plan.forNode("n-0").orElseThrow().kept()).contains(Suite.TARGET);
    }
  }

  private static KubeService localService(Optional<List<Endpoint>> endpoints) {
    return new KubeService(
        "shop",
        "web",
        "ClusterIP",
        List.of("10.100.0.7"),
        List.of(port("http", 80)),
        List.of(),
        Map.of("eksnet.io/probe", "http"),
        Set.of(TrafficSource.INTERNAL),
        endpoints,
        Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(
      value = Suite.class,
      names = {"SERVICE", "ANNOTATED"})
  void callsALocalClusterIpOnlyFromNodesWithAReadyEndpoint(Suite suite) {
    var service =
        localService(
            Optional.of(
                List.of(
                    new Endpoint("10.2.0.1", true, false, "n-0"),
                    new Endpoint("10.2.0.2", false, false, "n-1"),
                    new Endpoint("10.2.0.3", true, true, "n-2"))));
    var plan = FleetPlan.of(SUITES, with(THREE, Resources.SERVICES, List.of(service)));
    assertThat(of(plan, "n-0", suite)).hasSize(1);
    assertThat(of(plan, "n-1", suite)).isEmpty();
    assertThat(of(plan, "n-2", suite)).isEmpty();
  }

  @Test
  void callsNoLocalClusterIpWhileEndpointsAreUnknown() {
    var services = List.of(localService(Optional.empty()));
    var plan = FleetPlan.of(SUITES, with(THREE, Resources.SERVICES, services));
    assertThat(all(plan, Suite.SERVICE)).isEmpty();
    assertThat(all(plan, Suite.ANNOTATED)).isEmpty();
  }

  @Test
  void neverProbesTheOwnNodeWhereTrafficStaysLocal() {
    var inventory =
        instances(
            Set.of(TrafficSource.EXTERNAL),
            "10.0.7.",
            new Endpoint("10.2.0.1", true, false, "n-0"));
    var call = new TargetCall("tg", "10.0.7.0", 30_080, "http", "/up", List.of("200"));
    var two = FleetPlan.of(SUITES, agents(inventory, fleet(2, 1)));
    assertThat(callers(two, call)).containsExactly("n-1");
    assertThat(all(FleetPlan.of(SUITES, agents(inventory, fleet(1, 1))), Suite.TARGET)).isEmpty();
  }

  @Test
  void refusesInstancesAtTheServicesOfTheirNode() {
    var plan = FleetPlan.of(SUITES, instances(Set.of(), "169.254.169."));
    assertThat(all(plan, Suite.TARGET)).isEmpty();
    assertThat(plan.errors())
        .extracting(ValidationError::field)
        .contains("target i-0", "target i-1", "target i-2");
  }

  @ParameterizedTest
  @CsvSource({
    "GRPC, HTTP, /AWS.ALB/healthcheck, 12",
    "HTTP2, HTTP, /, 200",
    "HTTP1, HTTP, /a b, 200"
  })
  void aCheckThatCannotBeImitatedIsAConnection(
      String version, String protocol, String path, String matcher) {
    var sample =
        new TargetGroupSample(
            group("tg", version, check(protocol, "traffic-port", path, matcher)),
            Map.of("10.2.0.1", "healthy"));
    assertThat(all(FleetPlan.of(SUITES, targets(THREE, sample)), Suite.TARGET))
        .containsExactly(new TargetCall("tg", "10.2.0.1", 8080, "tcp", "", List.of()));
  }

  @Test
  void targetsAreSpreadOverTheAgents() {
    var states = new java.util.HashMap<String, String>();
    IntStream.range(0, 1_000)
        .forEach(i -> states.put("10.2." + i / 250 + "." + i % 250, "healthy"));
    var sample = new TargetGroupSample(group("tg", "", check("TCP", "9000", "", "")), states);
    var plan = FleetPlan.of(SUITES, targets(agents(fleet(20, 3)), sample));
    var counts =
        IntStream.range(1, 20).mapToObj(i -> of(plan, "n-" + i, Suite.TARGET).size()).toList();
    // 2,000 calls, none from n-0, where the pods are: 105 each, six standard deviations are 62
    assertThat(counts).allMatch(count -> count > 43 && count < 167);
    assertThat(of(plan, "n-0", Suite.TARGET)).isEmpty();
  }

  @Test
  void nothingOutOfReachIsPlanned() {
    var inventory =
        with(
            with(
                THREE,
                Resources.DNS_PODS,
                List.of(Cluster.dnsPod("169.254.169.254", true), Cluster.dnsPod("10.0.9.1", true))),
            Resources.SERVICES,
            List.of(service("backend", "127.0.0.1", Map.of(), port("", 80))));
    var plan = FleetPlan.of(suites("shop/backend"), inventory);
    assertThat(all(plan, Suite.DNS)).containsExactly(new DnsBackend("10.0.9.1"));
    assertThat(all(plan, Suite.SERVICE)).isEmpty();
    assertThat(plan.errors())
        .containsExactly(
            new ValidationError(
                "pod of CoreDNS",
                "status.podIP",
                "169.254.169.254 is out of reach: agents are not sent to the services of their"
                    + " node",
                "give an address of the network"),
            new ValidationError(
                "service/shop/backend",
                "spec",
                "127.0.0.1 is out of reach: agents are not sent to the services of their node",
                "give an address of the network"));
    var inTheLab =
        FleetPlan.of(
            suites("shop/backend"), inventory, AllowedTargets.THIS_HOST, FleetPlan.AGENT_PORT);
    assertThat(all(inTheLab, Suite.SERVICE))
        .containsExactly(new ServiceCall("shop", "backend", "127.0.0.1", 80, "tcp", ""));
  }

  @Test
  void whatWasNeverReadIsKeptByTheAgents() {
    var inventory = agents(Inventory.EMPTY, fleet(3, 3));
    assertThat(FleetPlan.of(SUITES, inventory).forNode("n-0").orElseThrow().kept())
        .containsExactlyInAnyOrder(
            Suite.DNS, Suite.SERVICE, Suite.LB, Suite.TARGET, Suite.ENDPOINTS, Suite.ANNOTATED);
  }

  @Test
  void whatCannotBeReadAtTheStartIsKept() {
    var throttled =
        THREE.with(
            Resources.LOAD_BALANCERS,
            Snapshot.<List<io.eksnet.model.inventory.LoadBalancer>>notYet(Cluster.EVERY)
                .after(new Unavailable(Unavailable.Reason.THROTTLED, "Rate exceeded")));
    assertThat(FleetPlan.of(SUITES, throttled).forNode("n-0").orElseThrow().kept())
        .containsExactly(Suite.LB);
  }

  @ParameterizedTest
  @CsvSource({"DENIED", "ABSENT"})
  void whatWillNotComeIsNotKept(Unavailable.Reason why) {
    var denied =
        THREE.with(
            Resources.LOAD_BALANCERS,
            Snapshot.<List<io.eksnet.model.inventory.LoadBalancer>>notYet(Cluster.EVERY)
                .after(new Unavailable(why, "no")));
    assertThat(FleetPlan.of(SUITES, denied).forNode("n-0").orElseThrow().kept()).isEmpty();
  }

  @Test
  void whatIsTooOldToBelieveStaysOut() {
    var lb = balancer("shop", "network", Scheme.INTERNAL, "active", new Listener(80, "TCP"));
    var believed = with(THREE, Resources.LOAD_BALANCERS, List.of(lb));
    var later = believed.ifFresh(Cluster.NOW.plus(Cluster.EVERY.multipliedBy(3)));
    var plan = FleetPlan.of(SUITES, agents(later, fleet(3, 3)));
    assertThat(all(plan, Suite.LB)).isEmpty();
    assertThat(plan.forNode("n-0").orElseThrow().kept()).isEmpty();
  }

  @Test
  void anAgentGoesOnWithWhatIsKeptAndWithNothingElse() {
    var old = new DnsBackend("10.0.9.1");
    var gone = new Peer("n-9", "a", "10.0.0.9", 9853);
    var last = new AgentPlan("n-0", "a", List.of(old, gone));
    var next =
        new AgentPlan(
            "n-0", "a", List.of(new Peer("n-1", "b", "10.0.0.2", 9853)), Set.of(Suite.DNS));
    assertThat(next.following(last).assignments())
        .containsExactly(new Peer("n-1", "b", "10.0.0.2", 9853), old);
  }

  @Test
  void theOrderOfTheInventoryDoesNotMatter() {
    var agents = new java.util.ArrayList<>(fleet(40, 3));
    var services =
        new java.util.ArrayList<>(
            IntStream.range(0, 20)
                .mapToObj(
                    i ->
                        service(
                            "s-" + i,
                            "10.100.1." + i,
                            Map.of("eksnet.io/probe", "http"),
                            port("", 80)))
                .toList());
    var before = FleetPlan.of(suites(), with(agents(agents), Resources.SERVICES, services));
    Collections.shuffle(agents, new Random(1));
    Collections.shuffle(services, new Random(2));
    assertThat(FleetPlan.of(suites(), with(agents(agents), Resources.SERVICES, services)))
        .isEqualTo(before);
  }

  @Test
  void noAgentIsAskedForMoreThanTheBoundAndTheRestIsCounted() {
    var states = new java.util.HashMap<String, String>();
    IntStream.range(0, 6_000)
        .forEach(i -> states.put("10.2." + i / 250 + "." + i % 250, "healthy"));
    var sample = new TargetGroupSample(group("tg", "", check("TCP", "9000", "", "")), states);
    var plan = FleetPlan.of(SUITES, targets(agents(fleet(2, 1)), sample));
    assertThat(plan.byNode().values())
        .allMatch(agent -> agent.assignments().size() == AgentPlan.MAX_ASSIGNMENTS);
    // 1,000 targets too many for the cluster; of 10,000 calls two plans of 1,000 hold one peer each
    assertThat(plan.dropped()).isEqualTo(Map.of(Suite.TARGET, 1_000 + 10_000 - 2 * 999));
  }

  /** Cost without a clock: what 5,000 agents do is what 10 do, times 500. */
  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1_000, 5_000})
  void whatIsAskedForGrowsWithTheNumberOfAgentsAndNoFaster(int many) {
    var services = List.of(service("backend", "10.100.0.7", Map.of(), port("", 80)));
    var lb = balancer("shop", "network", Scheme.INTERNET_FACING, "active", new Listener(80, "TCP"));
    var states = new java.util.HashMap<String, String>();
    IntStream.range(0, 100).forEach(i -> states.put("10.2.0." + i, "healthy"));
    var sample = new TargetGroupSample(group("tg", "", check("TCP", "9000", "", "")), states);
    var inventory =
        with(
            with(
                with(
                    targets(agents(fleet(many, 3)), sample),
                    Resources.DNS_PODS,
                    List.of(Cluster.dnsPod("10.0.9.1", true), Cluster.dnsPod("10.0.9.2", true))),
                Resources.SERVICES,
                services),
            Resources.LOAD_BALANCERS,
            List.of(lb));
    var plan = FleetPlan.of(suites("shop/backend"), inventory);
    var total = plan.byNode().values().stream().mapToInt(p -> p.assignments().size()).sum();
    // each agent: 2 backends, 1 Service, 3 peers; the cluster: 2 × 100 targets, 3 × 3 calls of the
    // LB
    assertThat(total).isEqualTo(6 * many + 200 + 9);
  }
}
