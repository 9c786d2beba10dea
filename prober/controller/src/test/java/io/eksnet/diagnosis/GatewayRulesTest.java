package io.eksnet.diagnosis;

import static io.eksnet.diagnosis.Scene.LONG_AGO;
import static io.eksnet.diagnosis.Scene.NOW;
import static io.eksnet.model.diagnosis.RootCause.GATEWAY_CLASS_MISSING;
import static io.eksnet.model.diagnosis.RootCause.GATEWAY_NOT_PROGRAMMED;
import static io.eksnet.model.diagnosis.RootCause.LB_RECONCILE_FAILING;
import static io.eksnet.model.diagnosis.RootCause.LB_SUBNETS_NOT_DISCOVERABLE;
import static io.eksnet.model.diagnosis.RootCause.ROUTE_NOT_ATTACHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.GatewayRoute.Parent;
import io.eksnet.model.inventory.GatewayRoute.Status;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatewayRulesTest {
  private static final String ALB = "gateway.k8s.aws/alb";
  private static final String ISTIO = "istio.io/gateway-controller";
  private static final Condition ACCEPTED = new Condition("Accepted", "True", "Accepted", "");
  private static final Condition WAITING =
      new Condition("Accepted", "Unknown", "Pending", "Waiting for controller");

  private static GatewayClass ofClass(String name, String controller, Condition accepted) {
    return new GatewayClass(name, controller, "", List.of(accepted), LONG_AGO);
  }

  private static Gateway gateway(String name, String ofClass, Condition... conditions) {
    return gateway(name, ofClass, LONG_AGO, Optional.empty(), conditions);
  }

  private static Gateway gateway(
      String name,
      String ofClass,
      Instant created,
      Optional<Reconcile> last,
      Condition... conditions) {
    return new Gateway(
        "shop",
        name,
        ofClass,
        Scheme.INTERNAL,
        false,
        List.of(new GatewayListener("http", 80, "HTTP", "", List.of())),
        List.of(),
        List.of(conditions),
        Map.of(),
        last,
        created);
  }

  private static GatewayRoute route(String name, String gateway, Condition... conditions) {
    return new GatewayRoute(
        "HTTPRoute",
        "shop",
        name,
        List.of(),
        List.of(new Parent("shop", gateway, "", 0, List.of(new Status(ALB, List.of(conditions))))),
        List.of(),
        Map.of(),
        LONG_AGO);
  }

  private static Scene scene(List<Gateway> gateways, GatewayRoute... routes) {
    return Scene.healthy()
        .with(
            Resources.GATEWAY_CLASSES,
            List.of(ofClass("alb", ALB, ACCEPTED), ofClass("istio", ISTIO, ACCEPTED)))
        .with(Resources.GATEWAYS, gateways)
        .with(Resources.GATEWAY_ROUTES, List.of(routes));
  }

  @Test
  void waitsForTheControllerOfANewGateway() {
    var created = NOW.minus(Duration.ofSeconds(90));
    assertThat(
            scene(List.of(gateway("edge", "gone", created, Optional.empty(), WAITING))).findings())
        .isEmpty();
    assertThat(
            scene(List.of(gateway("edge", "alb", created, Optional.empty(), WAITING))).findings())
        .isEmpty();
  }

  @Test
  void findsOneMissingClassForAllItsGateways() {
    var findings =
        scene(List.of(gateway("a", "gone", WAITING), gateway("b", "gone", WAITING))).findings();

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).cause()).isEqualTo(GATEWAY_CLASS_MISSING);
    assertThat(findings.get(0).scope()).isEqualTo("gatewayclass/gone");
    assertThat(findings.get(0).affected()).containsExactly("gateway/shop/a", "gateway/shop/b");
  }

  @Test
  void knowsNothingOfClassesThatAreUnknown() {
    assertThat(
            scene(List.of(gateway("a", "gone", WAITING)))
                .without(Resources.GATEWAY_CLASSES)
                .findings())
        .isEmpty();
  }

  /**
   * Other controllers wait for the address of a Service, AWS load balancers have their own rule.
   */
  @Test
  void waitsForAnAddressAsLongAsALoadBalancerMayTake() {
    var pending = new Condition("Programmed", "False", "Pending", "");
    assertThat(scene(List.of(gateway("edge", "alb", ACCEPTED, pending))).findings()).isEmpty();

    assertThat(scene(List.of(gateway("mesh", "istio", ACCEPTED, pending))).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(GATEWAY_NOT_PROGRAMMED);
              assertThat(finding.holdFor()).isEqualTo(Duration.ofMinutes(10));
              assertThat(String.join(" ", finding.fix())).doesNotContain("aws", "AWS");
            });
  }

  /** Which Service a controller creates for a Gateway is not known. */
  @Test
  void isLessConfidentAboutAMissingAddressWhereAnyServiceHasNone() {
    var noAddress = new Condition("Programmed", "False", "AddressNotAssigned", "");
    var scene = scene(List.of(gateway("mesh", "istio", ACCEPTED, noAddress)));
    var failing =
        new Reconcile(true, ReconcileCause.IAM, "FailedDeployModel", "is not authorized", 3);
    var beside = scene.each(Resources.SERVICES, service -> waiting(service, failing));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.confidence().label()).isEqualTo("high"));
    assertThat(beside.findings())
        .filteredOn(finding -> finding.cause() == GATEWAY_NOT_PROGRAMMED)
        .singleElement()
        .satisfies(finding -> assertThat(finding.confidence().label()).isEqualTo("medium"));
  }

  private static KubeService waiting(KubeService service, Reconcile last) {
    return new KubeService(
        service.namespace(),
        service.name(),
        "LoadBalancer",
        service.clusterIps(),
        service.ports(),
        List.of(),
        service.annotations(),
        service.local(),
        service.endpoints(),
        Optional.of(last));
  }

  @Test
  void findsOneReasonForAllRoutesOfAGateway() {
    var refused = new Condition("Accepted", "False", "NotAllowedByListeners", "");
    var routes =
        IntStream.range(0, 40)
            .mapToObj(i -> route("r" + i, "edge", refused))
            .toArray(GatewayRoute[]::new);

    assertThat(scene(List.of(gateway("edge", "alb", ACCEPTED)), routes).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ROUTE_NOT_ATTACHED);
              assertThat(finding.affected()).hasSize(39);
            });
  }

  @Test
  void findsMissingBackendsOneByOne() {
    assertThat(
            scene(
                    List.of(gateway("edge", "alb", ACCEPTED)),
                    route(
                        "a",
                        "edge",
                        new Condition("ResolvedRefs", "False", "BackendNotFound", "x")),
                    route(
                        "b",
                        "edge",
                        new Condition("ResolvedRefs", "False", "BackendNotFound", "y")))
                .findings())
        .hasSize(2);
  }

  @Test
  void findsOnlyTheGatewayThatRefusesItsRoutes() {
    var refused = new Condition("Accepted", "False", "NoMatchingParent", "");
    assertThat(
            scene(
                    List.of(
                        gateway("edge", "alb", new Condition("Accepted", "False", "Invalid", ""))),
                    route("web", "edge", refused))
                .causes())
        .containsExactly(GATEWAY_NOT_PROGRAMMED);
  }

  @Test
  void findsMissingGatewayOnlyIfGatewaysAreKnown() {
    var scene = scene(List.of(), route("web", "edge"));

    assertThat(scene.causes()).containsExactly(ROUTE_NOT_ATTACHED);
    assertThat(scene.without(Resources.GATEWAYS).findings()).isEmpty();
  }

  @Test
  void findsWhatTheControllerReportsAboutAGateway() {
    assertThat(failing(ReconcileCause.IAM).causes()).containsExactly(LB_RECONCILE_FAILING);
    assertThat(failing(ReconcileCause.ANNOTATION).causes()).containsExactly(GATEWAY_NOT_PROGRAMMED);
    assertThat(
            failing(ReconcileCause.SUBNET_DISCOVERY).with(Resources.LB_SUBNETS, List.of()).causes())
        .containsExactly(LB_SUBNETS_NOT_DISCOVERABLE);
  }

  private static Scene failing(ReconcileCause cause) {
    var last = Optional.of(new Reconcile(true, cause, "FailedDeployModel", "message", 3));
    return scene(
        List.of(
            gateway(
                "edge",
                "alb",
                LONG_AGO,
                last,
                new Condition("Accepted", "False", "Invalid", "Check Gateway Events"))));
  }
}
