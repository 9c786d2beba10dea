package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.MINUTE;
import static io.eksnet.controller.metrics.Shown.NOON;
import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.lacking;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadBalancerGaugesTest {
  private static final String ELB = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";
  private static final String SHOP_LB =
      ELB + "loadbalancer/app/k8s-shop-0123456789/50dc6c495c0c9188";
  private static final String SHOP_GROUP =
      ELB + "targetgroup/k8s-shop-web-9876543210/73e2d6bc24d8a067";

  @Test
  void theStateOfALoadBalancerIsOneOfFour() {
    assertThat(series("lb_state", knowing(Resources.LOAD_BALANCERS, List.of(balancer("active")))))
        .containsExactly(
            "lb=shop state=active 1",
            "lb=shop state=active_impaired 0",
            "lb=shop state=failed 0",
            "lb=shop state=provisioning 0");
  }

  @Test
  void aStateThatAwsInventsLaterIsShown() {
    assertThat(series("lb_state", knowing(Resources.LOAD_BALANCERS, List.of(balancer("on_fire")))))
        .contains("lb=shop state=on_fire 1", "lb=shop state=active 0")
        .hasSize(5);
  }

  @Test
  void isNotProbedWithoutHostAndPath() {
    var balancers = knowing(Resources.LOAD_BALANCERS, List.of(balancer("active")));
    var known =
        and(
            and(and(balancers, Resources.INGRESSES, List.of()), Resources.GATEWAYS, List.of()),
            Resources.GATEWAY_ROUTES,
            List.of());

    assertThat(series("lb_probed", known)).containsExactly("lb=shop 0");
    assertThat(series("lb_probed", balancers)).as("Ingresses are unknown").isEmpty();
  }

  @Test
  void targetsAreCountedByStateAndReasonUnderTheirService() {
    var inventory =
        and(
            and(groups(), Resources.TARGET_GROUP_BINDINGS, List.of(binding("shop", "web"))),
            Resources.TARGET_HEALTH,
            List.of(
                health(
                    SHOP_GROUP,
                    target("healthy", ""),
                    target("unhealthy", "Target.Timeout"),
                    target("unhealthy", "Target.Timeout"))));

    assertThat(series("target_health", inventory))
        .containsExactly(
            healthOf("draining 0"),
            healthOf("healthy 1"),
            healthOf("initial 0"),
            healthOf("unavailable 0"),
            healthOf("unhealthy 0"),
            healthOf("unhealthy reason=Target.Timeout 2"),
            healthOf("unhealthy.draining 0"),
            healthOf("unused 0"));
  }

  /** With externalTrafficPolicy Local, nodes without a pod are meant to get no traffic. */
  @Test
  void nodesWithoutPodsOfLocalServicesAreUnused() {
    var check =
        new HealthCheck(
            true,
            "HTTP",
            "31324",
            "/healthz",
            "200-399",
            Duration.ofSeconds(10),
            Duration.ofSeconds(6));
    var group =
        new TargetGroup(
            SHOP_GROUP,
            "web",
            "TCP",
            "",
            30080,
            "instance",
            List.of(SHOP_LB),
            check,
            Optional.empty());
    var inventory =
        and(
            knowing(Resources.TARGET_GROUPS, List.of(group)),
            Resources.TARGET_HEALTH,
            List.of(health(SHOP_GROUP, target("unhealthy", "Target.FailedHealthChecks"))));

    assertThat(series("target_health", inventory))
        .contains(
            "lb=k8s-shop-0123456789 target_group=web state=unhealthy 0",
            "lb=k8s-shop-0123456789 target_group=web state=unused"
                + " reason=Target.FailedHealthChecks 1");
  }

  @Test
  void aGroupWithoutTargetsHasZeroHealthyOnes() {
    var inventory = and(groups(), Resources.TARGET_HEALTH, List.of(health(SHOP_GROUP)));

    assertThat(series("target_health", inventory))
        .contains("lb=k8s-shop-0123456789 target_group=k8s-shop-web-9876543210 state=healthy 0")
        .hasSize(7)
        .allSatisfy(line -> assertThat(line).endsWith(" 0"));
  }

  @Test
  void aGroupThatWasNotReadHasNoHealth() {
    assertThat(series("target_health", groups())).isEmpty();
    assertThat(series("target_health", and(groups(), Resources.TARGET_HEALTH, List.of())))
        .isEmpty();
    assertThat(
            series(
                "target_health",
                and(
                    groups(),
                    Resources.TARGET_HEALTH,
                    List.of(
                        new GroupHealth(
                            SHOP_GROUP, lacking(Unavailable.Reason.THROTTLED), Optional.empty())))))
        .isEmpty();
  }

  @Test
  void theHealthOfOneGroupLeavesWhenItIsThreeIntervalsOld() {
    var inventory =
        groups()
            .with(
                Resources.TARGET_GROUPS,
                Snapshot.of(List.of(group("web")), NOON, Duration.ofHours(1)))
            .with(
                Resources.TARGET_HEALTH,
                Snapshot.of(
                    List.of(health(SHOP_GROUP, target("healthy", ""))),
                    NOON.plusSeconds(100),
                    Duration.ofMinutes(1)));

    assertThat(series("target_health", inventory, NOON.plusSeconds(179))).hasSize(7);
    assertThat(series("target_health", inventory, NOON.plusSeconds(180))).isEmpty();
  }

  @Test
  void groupsOfTheSameNameAreCountedTogether() {
    var other = SHOP_GROUP.replace("73e2d6bc24d8a067", "0000000000000000");
    var inventory =
        and(
            knowing(
                Resources.TARGET_GROUPS, List.of(group(SHOP_GROUP, "web"), group(other, "web"))),
            Resources.TARGET_HEALTH,
            List.of(
                health(SHOP_GROUP, target("healthy", "")), health(other, target("healthy", ""))));

    assertThat(series("target_health", inventory))
        .contains("lb=k8s-shop-0123456789 target_group=web state=healthy 2")
        .hasSize(7);
  }

  @Test
  void readyEndpointsAreThoseOfTheServiceBehindTheGroup() {
    var inventory =
        and(
            and(groups(), Resources.TARGET_GROUP_BINDINGS, List.of(binding("shop", "web"))),
            Resources.SERVICES,
            List.of(
                service(
                    "web",
                    Optional.of(
                        List.of(
                            new Endpoint("10.0.0.1", true, false, ""),
                            new Endpoint("10.0.0.1", true, false, ""),
                            new Endpoint("10.0.0.2", true, false, ""),
                            new Endpoint("10.0.0.3", false, false, ""),
                            new Endpoint("10.0.0.4", true, true, ""))))));

    assertThat(series("target_group_ready_endpoints", inventory))
        .containsExactly("lb=k8s-shop-0123456789 target_group=k8s-shop-web-9876543210 2");
  }

  @Test
  void readyEndpointsAreUnknownWithoutBindingServiceOrEndpoints() {
    var bound = and(groups(), Resources.TARGET_GROUP_BINDINGS, List.of(binding("shop", "web")));

    assertThat(series("target_group_ready_endpoints", groups())).isEmpty();
    assertThat(series("target_group_ready_endpoints", bound)).isEmpty();
    assertThat(
            series(
                "target_group_ready_endpoints",
                and(bound, Resources.SERVICES, List.of(service("other", Optional.of(List.of()))))))
        .isEmpty();
    assertThat(
            series(
                "target_group_ready_endpoints",
                and(bound, Resources.SERVICES, List.of(service("web", Optional.empty())))))
        .isEmpty();
  }

  @Test
  void aScaledDownServiceHasZeroReadyEndpoints() {
    var inventory =
        and(
            and(groups(), Resources.TARGET_GROUP_BINDINGS, List.of(binding("shop", "web"))),
            Resources.SERVICES,
            List.of(service("web", Optional.of(List.of()))));

    assertThat(series("target_group_ready_endpoints", inventory))
        .containsExactly("lb=k8s-shop-0123456789 target_group=k8s-shop-web-9876543210 0");
  }

  @Test
  void pathIsPermittedBlockedOrUnknown() {
    var inventory =
        knowing(
            Resources.SECURITY_PATHS,
            List.of(
                path("eni-1", 8080, Use.TRAFFIC, Verdict.PERMITTED),
                path("eni-1", 9090, Use.HEALTH_CHECK, Verdict.BLOCKED),
                path("eni-2", 8080, Use.TRAFFIC, Verdict.UNKNOWN)));

    assertThat(series("sg_path_permitted", inventory))
        .containsExactly(
            pathOf("eni=eni-1 port=8080 kind=traffic 1"),
            pathOf("eni=eni-1 port=9090 kind=healthcheck 0"));
  }

  @Test
  void reportsTheBlockedOneOfTwoTargetsOnAnInterface() {
    var inventory =
        knowing(
            Resources.SECURITY_PATHS,
            List.of(
                path("eni-1", 8080, Use.TRAFFIC, Verdict.BLOCKED),
                path("eni-1", 8080, Use.TRAFFIC, Verdict.PERMITTED),
                path("eni-1", 8080, Use.TRAFFIC, Verdict.UNKNOWN)));

    assertThat(series("sg_path_permitted", inventory))
        .containsExactly(pathOf("eni=eni-1 port=8080 kind=traffic 0"));
  }

  private static String healthOf(String rest) {
    return "lb=k8s-shop-0123456789 target_group=k8s-shop-web-9876543210 namespace=shop service=web"
        + " state="
        + rest;
  }

  private static String pathOf(String rest) {
    return "lb=k8s-shop-0123456789 target_group=k8s-shop-web-9876543210 " + rest;
  }

  private static Inventory groups() {
    return knowing(Resources.TARGET_GROUPS, List.of(group(SHOP_GROUP, "k8s-shop-web-9876543210")));
  }

  private static TargetGroup group(String name) {
    return group(SHOP_GROUP, name);
  }

  private static TargetGroup group(String arn, String name) {
    var check =
        new HealthCheck(
            true,
            "HTTP",
            "traffic-port",
            "/",
            "200",
            Duration.ofSeconds(15),
            Duration.ofSeconds(5));
    return new TargetGroup(
        arn, name, "HTTP", "HTTP1", 80, "ip", List.of(SHOP_LB), check, Optional.empty());
  }

  private static GroupHealth health(String arn, TargetHealth... targets) {
    return new GroupHealth(arn, Snapshot.of(List.of(targets), NOON, MINUTE), Optional.empty());
  }

  private static TargetHealth target(String state, String reason) {
    return new TargetHealth(SHOP_GROUP, "10.0.0.1", 8080, "", state, reason, "", 8080);
  }

  private static LoadBalancer balancer(String state) {
    return new LoadBalancer(
        SHOP_LB,
        "shop",
        "shop.example.com",
        "application",
        Scheme.INTERNAL,
        state,
        "",
        "vpc-1",
        Map.of(),
        List.of(),
        List.of(new LoadBalancer.Listener(443, "HTTPS")),
        NOON,
        Optional.empty());
  }

  private static TargetGroupBinding binding(String namespace, String service) {
    return new TargetGroupBinding(namespace, "b", service, "80", SHOP_GROUP, Optional.empty());
  }

  private static KubeService service(String name, Optional<List<Endpoint>> endpoints) {
    return new KubeService(
        "shop",
        name,
        "ClusterIP",
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Set.of(),
        endpoints,
        Optional.empty());
  }

  private static SecurityPath path(String eni, int port, Use use, Verdict verdict) {
    return new SecurityPath(
        SHOP_LB, SHOP_GROUP, "10.0.0.1", eni, List.of(), port, use, verdict, "");
  }
}
