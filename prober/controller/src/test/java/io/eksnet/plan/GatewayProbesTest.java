package io.eksnet.plan;

import static io.eksnet.plan.Cluster.agents;
import static io.eksnet.plan.Cluster.fleet;
import static io.eksnet.plan.Cluster.suites;
import static io.eksnet.plan.Cluster.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.agent.plan.Assignment.Annotated;
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
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probes that annotations on Gateways and their routes request. */
class GatewayProbesTest {
  private static final String ADDRESS = "shop.eu-central-1.elb.amazonaws.com";
  private static final List<GatewayListener> LISTENERS =
      List.of(
          listener("http", "HTTP", 80, ""),
          listener("https", "HTTPS", 443, "*.example.com"),
          listener("admin", "HTTPS", 8443, "admin.example.com"),
          listener("tls", "TLS", 9443, ""),
          listener("tcp", "TCP", 5432, ""),
          listener("udp", "UDP", 53, ""));

  private static GatewayListener listener(String name, String protocol, int port, String host) {
    return new GatewayListener(name, port, protocol, host, List.of());
  }

  /** From text such as {@code probe=https port=admin}. */
  private static Map<String, String> annotations(String text) {
    return Arrays.stream(text.split(" "))
        .map(one -> one.split("="))
        .collect(Collectors.toMap(one -> "eksnet.io/" + one[0], one -> one[1]));
  }

  private static Gateway gateway(String annotations) {
    return new Gateway(
        "infra",
        "public",
        "alb",
        Scheme.INTERNET_FACING,
        false,
        LISTENERS,
        List.of(ADDRESS),
        List.of(),
        annotations(annotations),
        Optional.empty(),
        Cluster.NOW);
  }

  private static GatewayRoute route(
      String kind, String hosts, String annotations, Condition... conditions) {
    return new GatewayRoute(
        kind,
        "shop",
        "web",
        hosts.isEmpty() ? List.of() : List.of(hosts.split(" ")),
        List.of(
            new Parent(
                "infra",
                "public",
                "",
                0,
                List.of(new Status("gateway.k8s.aws/alb", List.of(conditions))))),
        List.of(rule("/", "web"), rule("/cart", "cart")),
        annotations(annotations),
        Cluster.NOW);
  }

  private static Rule rule(String path, String service) {
    return new Rule(PathMatch.PREFIX, path, true, false, List.of(new Backend("shop", service, 80)));
  }

  private static Inventory cluster(Gateway gateway, GatewayRoute... routes) {
    return with(
        with(agents(fleet(3, 3)), Resources.GATEWAYS, List.of(gateway)),
        Resources.GATEWAY_ROUTES,
        List.of(routes));
  }

  /** Such as {@code gateway/infra/public http http://…}. */
  private static List<String> probes(FleetPlan plan) {
    return plan.byNode().values().stream()
        .flatMap(agent -> agent.assignments().stream())
        .filter(assignment -> assignment.suite() == Suite.ANNOTATED)
        .map(Annotated.class::cast)
        .map(probe -> String.join(" ", probe.name(), probe.kind(), probe.target()))
        .distinct()
        .toList();
  }

  private static List<ValidationError> errors(FleetPlan plan) {
    return plan.errors().stream().filter(error -> error.field().startsWith("eksnet.io/")).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "probe=http,                  http http://shop.eu-central-1.elb.amazonaws.com:80/",
    "probe=http path=/up,         http http://shop.eu-central-1.elb.amazonaws.com:80/up",
    "probe=https,                 http https://admin.example.com:8443/",
    "probe=tls,                   tls admin.example.com:8443",
    "probe=tls port=tls,          tls shop.eu-central-1.elb.amazonaws.com:9443",
    "probe=tcp,                   tcp shop.eu-central-1.elb.amazonaws.com:80",
    "probe=tcp port=5432,         tcp shop.eu-central-1.elb.amazonaws.com:5432",
    "probe=grpcs,                 grpc grpcs://admin.example.com:8443"
  })
  void probesAGatewayAtAHostOfAListenerOrItsAddress(String annotations, String expected) {
    var plan = FleetPlan.of(suites(), cluster(gateway(annotations)));

    assertThat(probes(plan)).containsExactly("gateway/infra/public " + expected);
    assertThat(errors(plan)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPRoute, a.example.com,               probe=https,            http https://a.example.com:443/",
    "HTTPRoute, a.example.com,               probe=http path=/cart,  http http://a.example.com:80/cart",
    "HTTPRoute, '',                          probe=http,             http http://shop.eu-central-1.elb.amazonaws.com:80/",
    "HTTPRoute, *.example.com a.example.com, probe=https port=https, http https://a.example.com:443/",
    "HTTPRoute, *.example.com,               probe=https,            http https://admin.example.com:8443/",
    "GRPCRoute, rpc.example.com,             probe=grpcs,            grpc grpcs://rpc.example.com:443",
    "GRPCRoute, rpc.example.com,             probe=grpc,             grpc grpc://rpc.example.com:80",
    "TLSRoute,  mtls.example.com,            probe=tls,              tls mtls.example.com:9443",
    "TCPRoute,  '',                          probe=tcp port=tcp,     tcp shop.eu-central-1.elb.amazonaws.com:5432"
  })
  void probesARouteAtTheFirstListenerThatFits(
      String kind, String hosts, String annotations, String expected) {
    var route = route(kind, hosts, annotations);
    var plan = FleetPlan.of(suites(), cluster(gateway("team=net"), route));

    assertThat(probes(plan)).containsExactly(route.object() + " " + expected);
    assertThat(errors(plan)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "probe=https port=8080,  eksnet.io/port,  '\"8080\", which no listener of its Gateways has'",
    "probe=http port=https,  eksnet.io/port,  '\"https\", which no listener of its Gateways has'",
    "probe=https,            eksnet.io/probe, '\"https\", which no listener of its Gateways has'",
    "probe=ftp,              eksnet.io/probe, '\"ftp\"'",
    "speed=9,                eksnet.io/speed, 'not known'"
  })
  void reportsWhatCannotBeProbed(String annotations, String field, String problem) {
    var plan =
        FleetPlan.of(
            suites(),
            cluster(gateway("team=net"), route("HTTPRoute", "a.example.net", annotations)));

    assertThat(probes(plan)).isEmpty();
    assertThat(errors(plan))
        .extracting(ValidationError::object, ValidationError::field)
        .containsOnly(tuple("httproute/shop/web", field));
    assertThat(errors(plan)).extracting(ValidationError::problem).containsOnly("is " + problem);
  }

  @Test
  void namesTheListenersThatAProbeCanUse() {
    var route = route("HTTPRoute", "a.example.net", "probe=https");

    assertThat(errors(FleetPlan.of(suites(), cluster(gateway("team=net"), route))))
        .extracting(ValidationError::remedy)
        .containsExactly("set eksnet.io/port to the name or number of one of http (HTTP 80)");
  }

  @Test
  void leavesOutRoutesThatNoGatewayAdmits() {
    var refused = new Condition("Accepted", "False", "NotAllowedByListeners", "");
    var route = route("HTTPRoute", "a.example.com", "probe=http", refused);

    assertThat(probes(FleetPlan.of(suites(), cluster(gateway("team=net"), route)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPRoute, probe=http path=/cart, cart,     false",
    "HTTPRoute, probe=http path=/cart, web,      true",
    "HTTPRoute, probe=http,            web,      false",
    "HTTPRoute, probe=http,            cart,     true",
    "HTTPRoute, probe=tcp,             web cart, true",
    "GRPCRoute, probe=grpc,            web,      true",
    "GRPCRoute, probe=grpc,            web cart, false",
    "GRPCRoute, probe=tls,             web cart, true"
  })
  void leavesOutRoutesWhoseServicesAreScaledToZero(
      String kind, String annotations, String scaledToZero, boolean probed) {
    var inventory = scaledToZero(route(kind, "a.example.com", annotations), scaledToZero);

    assertThat(probes(FleetPlan.of(suites(), inventory))).hasSize(probed ? 1 : 0);
  }

  private static Inventory scaledToZero(GatewayRoute route, String services) {
    return with(
        cluster(gateway("team=net"), route),
        Resources.SCALED_TO_ZERO,
        Arrays.stream(services.split(" "))
            .map(service -> new ScaledToZero("shop", service))
            .toList());
  }

  @Test
  void agentsKeepTheirProbesWhileGatewaysAreUnknown() {
    var unknown =
        cluster(gateway("probe=http")).with(Resources.GATEWAYS, Snapshot.notYet(Cluster.EVERY));

    assertThat(kept(unknown)).contains(Suite.ANNOTATED);
  }

  @Test
  void agentsKeepTheirProbesWhileServicesAreUnknownInAClusterWithoutTheGatewayApi() {
    var unknown =
        cluster(gateway("probe=http"))
            .with(Resources.GATEWAYS, absent())
            .with(Resources.GATEWAY_ROUTES, absent());
    assertThat(kept(unknown)).doesNotContain(Suite.ANNOTATED);
    assertThat(kept(unknown.with(Resources.SERVICES, Snapshot.notYet(Cluster.EVERY))))
        .contains(Suite.ANNOTATED);
  }

  private static <T> Snapshot<T> absent() {
    return Snapshot.<T>notYet(Cluster.EVERY)
        .after(new Unavailable(Unavailable.Reason.ABSENT, "no such kind"));
  }

  private static Set<Suite> kept(Inventory inventory) {
    return FleetPlan.of(suites(), inventory).forNode("n-0").orElseThrow().kept();
  }
}
