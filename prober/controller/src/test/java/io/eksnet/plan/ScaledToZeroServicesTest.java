package io.eksnet.plan;

import static io.eksnet.plan.Cluster.agents;
import static io.eksnet.plan.Cluster.balancer;
import static io.eksnet.plan.Cluster.fleet;
import static io.eksnet.plan.Cluster.ingress;
import static io.eksnet.plan.Cluster.port;
import static io.eksnet.plan.Cluster.service;
import static io.eksnet.plan.Cluster.suites;
import static io.eksnet.plan.Cluster.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.Annotated;
import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScaledToZeroServicesTest {
  private static final String DNS_NAME = "shop.eu-central-1.elb.amazonaws.com";
  private static final Inventory ALL_AWAKE =
      with(agents(fleet(3, 3)), Resources.SCALED_TO_ZERO, List.of());
  private static final Inventory WEB_SCALED_TO_ZERO =
      with(ALL_AWAKE, Resources.SCALED_TO_ZERO, List.of(new ScaledToZero("shop", "web")));

  private static List<Assignment> all(Inventory inventory, Suite suite) {
    var plan = FleetPlan.of(suites("shop/web", "shop/api"), inventory);
    return plan.byNode().values().stream()
        .flatMap(agent -> agent.assignments().stream())
        .filter(assignment -> assignment.suite() == suite)
        .distinct()
        .toList();
  }

  private static Inventory serving(Inventory inventory, Map<String, String> annotations) {
    var services =
        List.of(
            service("api", "10.100.0.7", Map.of(), port("http", 80)),
            service("web", "10.100.0.8", annotations, port("http", 80)));
    return with(inventory, Resources.SERVICES, services);
  }

  private static Inventory balancing(Inventory inventory, KubeIngress... ingresses) {
    var lb = balancer("shop", "application", Scheme.INTERNAL, "active", new Listener(80, "HTTP"));
    return with(
        with(inventory, Resources.LOAD_BALANCERS, List.of(lb)),
        Resources.INGRESSES,
        List.of(ingresses));
  }

  private static KubeIngress shop(Map<String, String> annotations, IngressRule... rules) {
    return ingress("shop", DNS_NAME, annotations, rules);
  }

  private static IngressRule rule(String host, String path, String service) {
    return new IngressRule(host, path, service, "80");
  }

  private static List<String> called(Inventory inventory) {
    return all(inventory, Suite.LB).stream()
        .map(LbCall.class::cast)
        .map(call -> call.host() + call.path())
        .toList();
  }

  @Test
  void aServiceThatIsAsleepIsNotCalledAndTheOthersAre() {
    assertThat(all(serving(ALL_AWAKE, Map.of()), Suite.SERVICE)).hasSize(2);
    assertThat(all(serving(WEB_SCALED_TO_ZERO, Map.of()), Suite.SERVICE))
        .containsExactly(new ServiceCall("shop", "api", "10.100.0.7", 80, "http", "/"));
  }

  @Test
  void itIsNotObjectedToThoughItIsNamedInTheSettings() {
    var plan = FleetPlan.of(suites("shop/web", "shop/api"), serving(WEB_SCALED_TO_ZERO, Map.of()));
    assertThat(plan.errors()).isEmpty();
    assertThat(plan.dropped()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Unavailable.Reason.class)
  void unknownOrStaleWorkloadsAreNotScaledToZero(Unavailable.Reason why) {
    var before = WEB_SCALED_TO_ZERO.snapshot(Resources.SCALED_TO_ZERO);
    var old =
        WEB_SCALED_TO_ZERO.with(Resources.SCALED_TO_ZERO, before.after(new Unavailable(why, "")));

    assertThat(all(serving(old, Map.of()), Suite.SERVICE)).hasSize(2);
    assertThat(all(serving(agents(fleet(3, 3)), Map.of()), Suite.SERVICE)).hasSize(2);
    assertThat(called(balancing(old, shop(Map.of(), rule("a.example", "/", "web")))))
        .containsExactly("a.example/");
  }

  @Test
  void anAnnotatedServiceThatIsAsleepIsNotProbed() {
    var annotations = Map.of("eksnet.io/probe", "http");
    assertThat(all(serving(ALL_AWAKE, annotations), Suite.ANNOTATED)).hasSize(1);
    assertThat(all(serving(WEB_SCALED_TO_ZERO, annotations), Suite.ANNOTATED)).isEmpty();
  }

  @Test
  void probesLoadBalancerWithReadyBackends() {
    var ingress =
        shop(
            Map.of(),
            rule("a.example", "/", "web"),
            rule("a.example", "/api", "api"),
            rule("b.example", "/", "web"),
            rule("c.example", "/", "api"));
    assertThat(called(balancing(ALL_AWAKE, ingress)))
        .containsExactly("a.example/", "b.example/", "c.example/");
    assertThat(called(balancing(WEB_SCALED_TO_ZERO, ingress)))
        .containsExactly("a.example/api", "c.example/");
  }

  @Test
  void aLoadBalancerBehindWhichAllAreAsleepIsNotCalled() {
    var scaledToZero = shop(Map.of(), rule("a.example", "/", "web"), rule("", "", "web"));
    assertThat(called(balancing(WEB_SCALED_TO_ZERO, scaledToZero))).isEmpty();
    assertThat(FleetPlan.of(suites(), balancing(WEB_SCALED_TO_ZERO, scaledToZero)).errors())
        .isEmpty();
  }

  @Test
  void anIngressOfAnotherNamespaceAndAnActionAreOthers() {
    var action = new IngressRule("a.example", "/", "web", "use-annotation");
    assertThat(called(balancing(WEB_SCALED_TO_ZERO, shop(Map.of(), action))))
        .containsExactly("a.example/");

    var elsewhere =
        with(ALL_AWAKE, Resources.SCALED_TO_ZERO, List.of(new ScaledToZero("other", "web")));
    assertThat(called(balancing(elsewhere, shop(Map.of(), rule("a.example", "/", "web")))))
        .containsExactly("a.example/");
  }

  @ParameterizedTest
  @CsvSource({
    "/up, a.example/up b.example/up",
    "/api, b.example/api",
    "/api/up, b.example/api/up",
    "/apis, a.example/apis b.example/apis",
    "/old/up, a.example/old/up b.example/old/up"
  })
  void requestsAnnotatedPathWhereItsRuleHasReadyBackends(String annotated, String requested) {
    var ingress =
        shop(
            Map.of("eksnet.io/path", annotated),
            rule("a.example", "/", "api"),
            rule("a.example", "/api/*", "web"),
            rule("a.example", "/api", "web"),
            rule("b.example", "/", "web"),
            rule("b.example", "", "api"),
            rule("c.example", "/", "web"));
    assertThat(called(balancing(WEB_SCALED_TO_ZERO, ingress)))
        .containsExactly(requested.split(" "));
  }

  @Test
  void probesAnnotatedIngressWithReadyBackends() {
    var annotations = Map.of("eksnet.io/probe", "http");
    var partly = shop(annotations, rule("a.example", "/", "web"), rule("b.example", "/", "api"));
    assertThat(all(balancing(WEB_SCALED_TO_ZERO, partly), Suite.ANNOTATED))
        .extracting(probe -> ((Annotated) probe).target())
        .containsExactly("http://b.example:80/");

    var wholly = shop(annotations, rule("a.example", "/", "web"));
    assertThat(all(balancing(ALL_AWAKE, wholly), Suite.ANNOTATED)).hasSize(1);
    assertThat(all(balancing(WEB_SCALED_TO_ZERO, wholly), Suite.ANNOTATED)).isEmpty();

    var connecting = shop(Map.of("eksnet.io/probe", "tcp"), rule("a.example", "/", "web"));
    assertThat(all(balancing(WEB_SCALED_TO_ZERO, connecting), Suite.ANNOTATED))
        .as("the load balancer itself is awake")
        .hasSize(1);
  }

  @Test
  void aNetworkLoadBalancerOfAServiceThatIsAsleepIsNotCalled() {
    var lb = balancer("shop", "network", Scheme.INTERNAL, "active", new Listener(443, "TCP"));
    var of =
        new KubeService(
            "shop",
            "web",
            "LoadBalancer",
            List.of("10.100.0.8"),
            List.of(port("https", 443)),
            List.of(DNS_NAME),
            Map.of(),
            Set.of(),
            Optional.of(List.of()),
            Optional.empty());
    var awake =
        with(
            with(ALL_AWAKE, Resources.LOAD_BALANCERS, List.of(lb)),
            Resources.SERVICES,
            List.of(of));
    assertThat(all(awake, Suite.LB)).hasSize(1);

    var scaledToZero =
        awake.with(Resources.SCALED_TO_ZERO, WEB_SCALED_TO_ZERO.snapshot(Resources.SCALED_TO_ZERO));
    assertThat(all(scaledToZero, Suite.LB)).isEmpty();
  }
}
