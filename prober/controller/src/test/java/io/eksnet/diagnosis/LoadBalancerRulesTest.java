package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.APPLICATION_ERROR;
import static io.eksnet.model.diagnosis.RootCause.KEEPALIVE_SHORTER_THAN_IDLE;
import static io.eksnet.model.diagnosis.RootCause.NACL_OR_ROUTE;
import static io.eksnet.model.diagnosis.RootCause.NO_READY_ENDPOINTS;
import static io.eksnet.model.diagnosis.RootCause.ROLLOUT_WITHOUT_DRAIN;
import static io.eksnet.model.diagnosis.RootCause.SECURITY_GROUP_BLOCKS_HEALTH_CHECK;
import static io.eksnet.model.diagnosis.RootCause.SECURITY_GROUP_BLOCKS_TARGET;
import static io.eksnet.model.diagnosis.RootCause.TARGETS_NOT_REGISTERED;
import static io.eksnet.model.diagnosis.RootCause.TARGET_GROUP_FAILING_OPEN;
import static io.eksnet.model.diagnosis.RootCause.TARGET_HEALTH_CHECK_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.TARGET_HUNG;
import static io.eksnet.model.diagnosis.RootCause.TARGET_PORT_WRONG;
import static io.eksnet.model.diagnosis.RootCause.TARGET_PROTOCOL_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.TARGET_ZONE_NOT_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoadBalancerRulesTest {
  private static final Endpoint GOING = new Endpoint("10.0.0.80", false, true, "n1", "eu-west-1a");
  private static final String CODES = "Health checks failed with these codes: [503]";

  @Test
  void unexpectedCodeExcludesSecurityGroup() {
    var scene =
        unhealthy("Target.ResponseCodeMismatch", CODES)
            .failing(Scene.a(TargetKey.class), "http_status", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(TARGET_HEALTH_CHECK_MISMATCH);
    assertThat(one(scene).confidence().percent()).isEqualTo(90);
    assertThat(one(scene).excluded())
        .containsExactly("not a security group: the target sent an HTTP response");
  }

  @Test
  void descriptionWithCodesOverridesReason() {
    var scene = unhealthy("Target.FailedHealthChecks", CODES);

    assertThat(scene.causes()).containsExactly(TARGET_HEALTH_CHECK_MISMATCH);
    assertThat(one(scene).confidence().percent()).isEqualTo(70);
  }

  @Test
  void namesBlockedPortAndInterface() {
    var scene = paths(unhealthy("Target.Timeout", "Request timed out"), Verdict.BLOCKED);

    assertThat(scene.causes()).containsExactly(SECURITY_GROUP_BLOCKS_TARGET);
    var finding = one(scene);
    assertThat(finding.confidence().percent()).isEqualTo(95);
    assertThat(finding.evidence().get(1)).contains("port 8080 of eni-10.0.0.80");
    assertThat(finding.excluded())
        .containsExactly("not the application: it answers agents on n1, n2, n3 and 3 more");
  }

  /** ELB API, TargetHealth: network load balancers never report Target.Timeout. */
  @Test
  void checksSecurityGroupsForFailedHealthChecksOfNetworkLoadBalancer() {
    var scene = network(unhealthy("Target.FailedHealthChecks", "Health checks failed"));
    var check =
        List.of(
            Scene.path("10.0.0.80", Use.TRAFFIC, Verdict.PERMITTED),
            Scene.path("10.0.0.80", Use.HEALTH_CHECK, Verdict.BLOCKED));

    assertThat(paths(scene, Verdict.BLOCKED).causes())
        .containsExactly(SECURITY_GROUP_BLOCKS_TARGET);
    assertThat(one(paths(scene, Verdict.BLOCKED)).evidence().get(0))
        .contains("Target.FailedHealthChecks");
    assertThat(scene.with(Resources.SECURITY_PATHS, check).causes())
        .contains(SECURITY_GROUP_BLOCKS_HEALTH_CHECK);
    assertThat(scene.causes()).containsExactly(TARGET_PROTOCOL_MISMATCH);
    assertThat(one(scene).excluded())
        .contains("not a security group: the rules allow the load balancer");
    assertThat(one(paths(scene, Verdict.UNKNOWN)).excluded())
        .noneMatch(text -> text.contains("security group"));
  }

  @Test
  void lowersConfidenceWhereAgentsTimeOutToo() {
    var scene =
        paths(unhealthy("Target.Timeout", "Request timed out"), Verdict.BLOCKED)
            .failing(Scene.a(TargetKey.class), "timeout", Phase.CONNECT);

    assertThat(scene.causes()).containsExactly(SECURITY_GROUP_BLOCKS_TARGET);
    assertThat(one(scene).confidence().label()).isEqualTo("medium");
  }

  private static Scene network(Scene scene) {
    return scene.each(
        Resources.TARGET_GROUPS,
        group ->
            new TargetGroup(
                group.arn(),
                group.name(),
                "TCP",
                "",
                group.port(),
                group.targetType(),
                group.loadBalancerArns(),
                group.healthCheck()));
  }

  @Test
  void findsNothingForUnknownSecurityPath() {
    var scene = paths(unhealthy("Target.Timeout", "Request timed out"), Verdict.UNKNOWN);

    assertThat(scene.findings()).isEmpty();
    assertThat(
            unhealthy("Target.Timeout", "Request timed out")
                .without(Resources.SECURITY_PATHS)
                .findings())
        .isEmpty();
  }

  @Test
  void reportsBlockedHealthCheckPort() {
    var scene =
        unhealthy("Target.Timeout", "Request timed out")
            .with(
                Resources.SECURITY_PATHS,
                Scene.TARGET_IPS.stream()
                    .flatMap(
                        ip ->
                            Stream.of(
                                Scene.path(ip, Use.TRAFFIC, Verdict.PERMITTED),
                                Scene.path(ip, Use.HEALTH_CHECK, Verdict.BLOCKED)))
                    .toList());

    assertThat(scene.causes()).containsExactly(SECURITY_GROUP_BLOCKS_HEALTH_CHECK);
  }

  @Test
  void reportsTargetsThatTimeOutForAgentsToo() {
    var scene =
        unhealthy("Target.Timeout", "Request timed out")
            .failing(Scene.a(TargetKey.class), "timeout", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(TARGET_HUNG);
    assertThat(one(scene).confidence().label()).isEqualTo("medium");
  }

  @Test
  void reportsZoneThatOnlyTheLoadBalancerCannotReach() {
    var scene =
        Scene.healthy()
            .targets(
                List.of(
                    in("eu-west-1b", "10.0.0.80", "unhealthy", "Target.Timeout"),
                    in("eu-west-1a", "10.0.1.80", "healthy", ""),
                    in("eu-west-1c", "10.0.2.80", "healthy", "")));

    assertThat(scene.causes()).containsExactly(NACL_OR_ROUTE);
    assertThat(one(scene).evidence().get(0)).contains("eu-west-1b");
    assertThat(one(scene).holdFor()).as("two checks of 15 s and 5 s").hasSeconds(40);
    assertThat(Diagnosis.ofSingleRun(scene.evidence()))
        .singleElement()
        .satisfies(found -> assertThat(found.confidence().percent()).isLessThan(70));
  }

  @Test
  void reportsRefusedTargetPort() {
    var scene =
        unhealthy("Target.FailedHealthChecks", "Health checks failed")
            .failing(Scene.a(TargetKey.class), "conn_refused", Phase.CONNECT);

    assertThat(scene.causes()).containsExactly(TARGET_PORT_WRONG);
  }

  @Test
  void reportsOtherProtocolOnTargetPort() {
    var scene =
        unhealthy("Target.FailedHealthChecks", "Health checks failed")
            .failing(Scene.a(TargetKey.class), "http_protocol", Phase.PROCESSING);

    assertThat(scene.causes()).containsExactly(TARGET_PROTOCOL_MISMATCH);
  }

  @Test
  void reportsFailingOpenAsConsequence() {
    var scene = lb(paths(unhealthy("Target.Timeout", "Request timed out"), Verdict.BLOCKED), 504);

    assertThat(scene.causes())
        .containsExactly(SECURITY_GROUP_BLOCKS_TARGET, TARGET_GROUP_FAILING_OPEN);
    assertThat(one(scene).explains()).contains(TARGET_GROUP_FAILING_OPEN);
  }

  @Test
  void reports502WhileDrainingButNotDrainingAlone() {
    var draining =
        Scene.healthy()
            .targets(
                List.of(
                    Scene.target("10.0.0.80", "draining", "Target.DeregistrationInProgress", ""),
                    Scene.target("10.0.1.80", "healthy", "", ""),
                    Scene.target("10.0.2.80", "initial", "Elb.InitialHealthChecking", "")));

    assertThat(draining.findings()).isEmpty();
    assertThat(lately(draining, 502).causes()).containsExactly(ROLLOUT_WITHOUT_DRAIN);
  }

  @Test
  void ignores502BeforeRollout() {
    var targets =
        List.of(
            Scene.target("10.0.0.80", "draining", "Target.DeregistrationInProgress", ""),
            Scene.target("10.0.1.80", "healthy", "", ""));
    var failed = lately(Scene.healthy(), 502);

    assertThat(failed.targets(targets, Optional.of(Scene.NOW.minusSeconds(1))).findings())
        .isEmpty();
    assertThat(
            one(failed.targets(targets, Optional.of(Scene.NOW.minusSeconds(20))))
                .confidence()
                .label())
        .isEqualTo("high");
    assertThat(one(failed.targets(targets, Optional.empty())).confidence().label())
        .as("whether it is from before is not known")
        .isEqualTo("medium");
  }

  @Test
  void lowersConfidenceForSingle502() {
    var once =
        Scene.healthy()
            .targets(
                List.of(
                    Scene.target("10.0.0.80", "draining", "Target.DeregistrationInProgress", ""),
                    Scene.target("10.0.1.80", "healthy", "", "")))
            .results(
                "n1"::equals,
                Scene.a(LbKey.class),
                at ->
                    at.isBefore(Scene.NOW.minusSeconds(10))
                        ? new Result(at, "success", Phase.PROCESSING, 200, false, false, 3)
                        : new Result(at, "http_status", Phase.PROCESSING, 502, true, false, 0));

    assertThat(once.causes()).containsExactly(ROLLOUT_WITHOUT_DRAIN);
    assertThat(one(once).confidence().label()).isEqualTo("medium");
  }

  @Test
  void doesNotBlameRolloutForUnhealthyTargets() {
    var wrong =
        Scene.healthy()
            .targets(
                List.of(
                    Scene.target("10.0.0.80", "draining", "Target.DeregistrationInProgress", ""),
                    Scene.target("10.0.1.80", "unhealthy", "Target.FailedHealthChecks", "")))
            .failing(Scene.a(TargetKey.class), "conn_refused", Phase.CONNECT);

    assertThat(lately(wrong, 502).causes()).containsExactly(TARGET_PORT_WRONG);
    assertThat(lb(wrong, 502).causes()).containsExactly(TARGET_PORT_WRONG);
  }

  @Test
  void reportsSteady502WithHealthyTargets() {
    assertThat(lb(Scene.healthy(), 502).causes()).containsExactly(KEEPALIVE_SHORTER_THAN_IDLE);
  }

  @Test
  void distinguishesSteady502FromRollout() {
    var scaledDown =
        Scene.healthy()
            .targets(
                List.of(
                    Scene.target("10.0.0.80", "draining", "Target.DeregistrationInProgress", ""),
                    Scene.target("10.0.1.80", "healthy", "", "")));

    assertThat(lb(scaledDown, 502).causes()).containsExactly(KEEPALIVE_SHORTER_THAN_IDLE);
    assertThat(lately(scaledDown, 502).causes()).containsExactly(ROLLOUT_WITHOUT_DRAIN);
  }

  @Test
  void distinguishesUnregisteredUnreadyAndScaledToZero() {
    var empty = lb(Scene.healthy().targets(List.of()), 503);

    assertThat(empty.causes()).containsExactly(TARGETS_NOT_REGISTERED);
    assertThat(endpoints(empty, false).causes()).containsExactly(NO_READY_ENDPOINTS);
    assertThat(empty.each(Resources.SERVICES, s -> with(s, List.of())).findings()).isEmpty();
  }

  @Test
  void treatsDrainingTargetsAsDeregistered() {
    var draining =
        lb(
            Scene.healthy()
                .targets(
                    List.of(
                        Scene.target(
                            "10.0.0.80", "draining", "Target.DeregistrationInProgress", ""))),
            503);

    assertThat(draining.causes()).containsExactly(TARGETS_NOT_REGISTERED);
    assertThat(endpoints(draining, false).causes()).containsExactly(NO_READY_ENDPOINTS);
    assertThat(draining.each(Resources.SERVICES, s -> with(s, List.of(GOING))).findings())
        .as("scaled to zero")
        .isEmpty();
  }

  @Test
  void ignoresServiceThatScalesUp() {
    var empty =
        lb(Scene.healthy().targets(List.of()), 503)
            .each(Resources.SERVICE_PODS, pod -> since(pod, Scene.NOW.minusSeconds(60)));

    assertThat(empty.findings()).isEmpty();
    assertThat(endpoints(empty, false).findings()).isEmpty();
    assertThat(endpoints(empty.without(Resources.SERVICE_PODS), false).findings()).isEmpty();
  }

  private static ServicePod since(ServicePod pod, Instant since) {
    return new ServicePod(
        pod.namespace(),
        pod.name(),
        pod.ip(),
        pod.node(),
        false,
        pod.hostNetwork(),
        pod.branchInterface(),
        pod.gates(),
        since);
  }

  @Test
  void reportsTargetInZoneThatIsNotEnabled() {
    var unused =
        new TargetHealth(
            Scene.TG_ARN,
            "10.0.2.80",
            8080,
            "eu-west-1c",
            "unused",
            "Target.NotInUse",
            "Target is in an Availability Zone that is not enabled for the load balancer",
            8080);

    assertThat(Scene.healthy().targets(List.of(unused)).causes())
        .containsExactly(TARGET_ZONE_NOT_ENABLED);
  }

  @Test
  void reports5xxOfApplication() {
    var scene =
        Scene.healthy()
            .results(
                n -> true,
                Scene.a(LbKey.class),
                at -> new Result(at, "http_status", Phase.PROCESSING, 500, false, false, 0));

    assertThat(scene.causes()).containsExactly(APPLICATION_ERROR);
  }

  @Test
  void ignoresInitialUnavailableAndDrainingTargets() {
    var scene =
        Scene.healthy()
            .targets(
                List.of(
                    Scene.target("10.0.0.80", "initial", "Elb.RegistrationInProgress", ""),
                    Scene.target("10.0.1.80", "unavailable", "Target.HealthCheckDisabled", ""),
                    Scene.target("10.0.2.80", "unhealthy.draining", "", "")));

    assertThat(scene.findings()).isEmpty();
  }

  private static Finding one(Scene scene) {
    return scene.findings().get(0);
  }

  private static Scene unhealthy(String reason, String description) {
    return Scene.healthy()
        .targets(
            Scene.TARGET_IPS.stream()
                .map(ip -> Scene.target(ip, "unhealthy", reason, description))
                .toList());
  }

  private static Scene paths(Scene scene, Verdict verdict) {
    return scene.with(
        Resources.SECURITY_PATHS,
        Scene.TARGET_IPS.stream()
            .<SecurityPath>map(ip -> Scene.path(ip, Use.TRAFFIC, verdict))
            .toList());
  }

  private static Scene lb(Scene scene, int code) {
    return scene.results(
        n -> true,
        Scene.a(LbKey.class),
        (Instant at) -> new Result(at, "http_status", Phase.PROCESSING, code, true, false, 0));
  }

  private static Scene lately(Scene scene, int code) {
    return scene.answeredLately(Scene.a(LbKey.class), code);
  }

  private static Scene endpoints(Scene scene, boolean ready) {
    return scene.each(
        Resources.SERVICES,
        s -> with(s, List.of(new Endpoint("10.0.0.80", ready, false, "n1", "eu-west-1a"))));
  }

  private static KubeService with(KubeService service, List<Endpoint> endpoints) {
    return new KubeService(
        service.namespace(),
        service.name(),
        service.type(),
        service.clusterIps(),
        service.ports(),
        service.addresses(),
        service.annotations(),
        Optional.of(endpoints),
        service.created());
  }

  private static TargetHealth in(String zone, String ip, String state, String reason) {
    return new TargetHealth(Scene.TG_ARN, ip, 8080, zone, state, reason, "", 8080);
  }
}
