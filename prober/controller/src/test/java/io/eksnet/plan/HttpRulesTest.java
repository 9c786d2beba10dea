package io.eksnet.plan;

import static io.eksnet.plan.Cluster.agents;
import static io.eksnet.plan.Cluster.balancer;
import static io.eksnet.plan.Cluster.fleet;
import static io.eksnet.plan.Cluster.ingress;
import static io.eksnet.plan.Cluster.suites;
import static io.eksnet.plan.Cluster.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.GatewayRoute.Backend;
import io.eksnet.model.inventory.GatewayRoute.Parent;
import io.eksnet.model.inventory.GatewayRoute.PathMatch;
import io.eksnet.model.inventory.GatewayRoute.Rule;
import io.eksnet.model.inventory.GatewayRoute.Status;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts and paths of Gateways in the probes of load balancers. */
class HttpRulesTest {
  private static final String DNS_NAME = "shop.eu-central-1.elb.amazonaws.com";
  private static final LoadBalancer ALB =
      balancer(
          "shop",
          "application",
          Scheme.INTERNET_FACING,
          "active",
          new Listener(80, "HTTP"),
          new Listener(443, "HTTPS"));
  private static final Parent ALL_LISTENERS = parent("");

  private static Parent parent(String section, Condition... conditions) {
    return new Parent(
        "infra",
        "public",
        section,
        0,
        List.of(new Status("gateway.k8s.aws/alb", List.of(conditions))));
  }

  private static Gateway gateway(GatewayListener... listeners) {
    return new Gateway(
        "infra",
        "public",
        "alb",
        Scheme.INTERNET_FACING,
        false,
        List.of(listeners),
        List.of(DNS_NAME),
        List.of(),
        Map.of(),
        Optional.empty(),
        Cluster.NOW);
  }

  private static GatewayListener listener(String name, int port, String host) {
    return new GatewayListener(name, port, port == 443 ? "HTTPS" : "HTTP", host, List.of());
  }

  private static Gateway httpAndHttps(String host) {
    return gateway(listener("http", 80, host), listener("https", 443, host));
  }

  private static GatewayRoute route(
      String kind, String name, List<String> hosts, Parent parent, Rule... rules) {
    return new GatewayRoute(
        kind, "shop", name, hosts, List.of(parent), List.of(rules), Map.of(), Cluster.NOW);
  }

  private static GatewayRoute web(List<String> hosts, Rule... rules) {
    return route("HTTPRoute", "web", hosts, ALL_LISTENERS, rules);
  }

  private static Rule rule(PathMatch match, String path, String service) {
    return new Rule(match, path, true, false, List.of(new Backend("shop", service, 80)));
  }

  private static Inventory cluster(Gateway gateway, GatewayRoute... routes) {
    return with(
        with(
            with(agents(fleet(3, 3)), Resources.LOAD_BALANCERS, List.of(ALB)),
            Resources.GATEWAYS,
            List.of(gateway)),
        Resources.GATEWAY_ROUTES,
        List.of(routes));
  }

  /** Such as {@code https a.example/path}. */
  private static List<String> calls(Inventory inventory) {
    return FleetPlan.of(suites(), inventory).byNode().values().stream()
        .flatMap(agent -> agent.assignments().stream())
        .filter(assignment -> assignment.suite() == Suite.LB)
        .map(LbCall.class::cast)
        .map(call -> call.protocol() + " " + call.host() + call.path())
        .distinct()
        .toList();
  }

  private static List<String> notProbed(Inventory inventory) {
    return FleetPlan.of(suites(), inventory).errors().stream()
        .map(ValidationError::problem)
        .toList();
  }

  @Test
  void requestsHostsOfRoutesAtTheirListeners() {
    var route =
        web(
            List.of("shop.example.com"),
            rule(PathMatch.PREFIX, "/cart", "cart"),
            rule(PathMatch.EXACT, "/up", "web"));

    assertThat(calls(cluster(httpAndHttps(""), route)))
        .containsExactly("http shop.example.com/up", "https shop.example.com/up");
  }

  @Test
  void requestsPathOfTheRouteAtEachPort() {
    var redirect =
        route(
            "HTTPRoute",
            "redirect",
            List.of("shop.example.com"),
            parent("http"),
            new Rule(PathMatch.PREFIX, "/", true, true, List.of()));
    var app =
        route(
            "HTTPRoute",
            "app",
            List.of("shop.example.com"),
            parent("https"),
            rule(PathMatch.PREFIX, "/app", "web"));

    assertThat(calls(cluster(httpAndHttps(""), redirect, app)))
        .containsExactly("http shop.example.com/", "https shop.example.com/app");
  }

  /** Gateway API, HTTPRouteSpec.hostnames. */
  @ParameterizedTest
  @CsvSource({
    "shop.example.com, '',                shop.example.com",
    "'',               shop.example.com,  shop.example.com",
    "*.example.com,    shop.example.com,  shop.example.com",
    "shop.example.com, *.example.com,     shop.example.com",
    "a.b.example.com,  *.example.com,     a.b.example.com",
    "SHOP.example.com, shop.example.com,  shop.example.com",
    "*.example.com,    *.shop.example.com, *.shop.example.com",
    "example.com,      *.example.com,     ",
    "other.example.com, shop.example.com, ",
    "*.example.org,    *.example.com,     ",
    "'',               '',                ''"
  })
  void intersectsHostnames(String route, String listener, String expected) {
    assertThat(HttpRules.intersection(route, listener)).isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void requestsAnyHostOfARouteWithoutHostnames() {
    assertThat(calls(cluster(httpAndHttps(""), web(List.of(), rule(PathMatch.PREFIX, "/", "web")))))
        .containsExactly("http /", "https /");
  }

  @Test
  void doesNotProbeLoadBalancerOfWhichNothingIsKnown() {
    var none = with(agents(fleet(3, 3)), Resources.LOAD_BALANCERS, List.of(ALB));

    assertThat(calls(none)).isEmpty();
    assertThat(notProbed(none))
        .containsExactly("is not probed: no Ingress or Gateway with its address is known");
    assertThat(LbRoutes.areKnown(ALB, none)).contains(false);
  }

  @Test
  void doesNotProbeGatewayWithoutRoutes() {
    assertThat(calls(cluster(httpAndHttps("")))).isEmpty();
    assertThat(notProbed(cluster(httpAndHttps(""))))
        .containsExactly("is not probed: no HTTPRoute is attached to gateway/infra/public");
  }

  @Test
  void doesNotProbeIngressWithoutRules() {
    var inventory =
        with(
            with(agents(fleet(3, 3)), Resources.LOAD_BALANCERS, List.of(ALB)),
            Resources.INGRESSES,
            List.<KubeIngress>of(ingress("web", DNS_NAME, Map.of())));

    assertThat(calls(inventory)).isEmpty();
    assertThat(notProbed(inventory))
        .containsExactly(
            "is not probed: no rule of ingress/shop/web admits a GET of a known host and path");
  }

  @Test
  void doesNotProbeRulesThatAPlainGetDoesNotMatch() {
    var backend = List.of(new Backend("shop", "web", 80));
    var header = new Rule(PathMatch.PREFIX, "/", false, false, backend);
    var pattern = new Rule(PathMatch.PATTERN, "/v[0-9]+", true, false, backend);
    var grpc =
        route(
            "GRPCRoute",
            "api",
            List.of("api.example.com"),
            ALL_LISTENERS,
            new Rule(PathMatch.PATTERN, "", false, false, backend));
    var inventory =
        cluster(
            httpAndHttps(""),
            web(List.of("shop.example.com"), header, pattern),
            web(List.of("*.example.com"), rule(PathMatch.PREFIX, "/", "web")),
            grpc);

    assertThat(calls(inventory)).isEmpty();
    assertThat(LbRoutes.areKnown(ALB, inventory)).contains(false);
  }

  @Test
  void doesNotProbeRoutesThatTheControllerRefuses() {
    var refused = new Condition("Accepted", "False", "NotAllowedByListeners", "");
    var route =
        route(
            "HTTPRoute",
            "web",
            List.of("shop.example.com"),
            parent("", refused),
            rule(PathMatch.PREFIX, "/", "web"));

    assertThat(calls(cluster(httpAndHttps(""), route))).isEmpty();
  }

  @Test
  void reportsNothingWhileRoutesAreUnknown() {
    var denied = new Unavailable(Unavailable.Reason.DENIED, "");
    var inventory =
        cluster(httpAndHttps(""))
            .with(
                Resources.GATEWAY_ROUTES,
                Snapshot.<List<GatewayRoute>>of(List.of(), Cluster.NOW, Cluster.EVERY)
                    .after(denied))
            .ifFresh(Cluster.NOW.plus(Cluster.EVERY.multipliedBy(10)));

    assertThat(LbRoutes.areKnown(ALB, inventory)).isEmpty();
  }

  @Test
  void doesNotProbeRoutesOfServicesThatAreScaledToZero() {
    var inventory =
        with(
            cluster(
                httpAndHttps(""),
                web(
                    List.of("shop.example.com"),
                    rule(PathMatch.PREFIX, "/", "web"),
                    rule(PathMatch.PREFIX, "/api", "api"))),
            Resources.SCALED_TO_ZERO,
            List.of(new ScaledToZero("shop", "web")));

    assertThat(calls(inventory))
        .containsExactly("http shop.example.com/api", "https shop.example.com/api");
  }

  @Test
  void findsBackendOfAHost() {
    var inventory =
        cluster(
            httpAndHttps(""),
            web(
                List.of("shop.example.com"),
                rule(PathMatch.EXACT, "/", "web"),
                rule(PathMatch.PREFIX, "/", "other")),
            web(List.of("api.example.com"), rule(PathMatch.PREFIX, "/v1", "api")));

    assertThat(LbRoutes.of(ALB, inventory).byHost())
        .isEqualTo(
            Map.of(
                "shop.example.com", new LbRoutes.Backend("shop", "web", "80"),
                "api.example.com", new LbRoutes.Backend("shop", "api", "80")));
  }

  @Test
  void knowsNoBackendBesideARegularExpression() {
    var inventory =
        cluster(
            httpAndHttps(""),
            web(
                List.of("shop.example.com"),
                rule(PathMatch.PREFIX, "/", "web"),
                rule(PathMatch.PATTERN, "/.*", "other")));

    assertThat(calls(inventory)).hasSize(2);
    assertThat(LbRoutes.of(ALB, inventory).byHost()).isEmpty();
  }
}
