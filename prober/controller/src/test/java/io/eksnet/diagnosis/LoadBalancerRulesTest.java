package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.APPLICATION_ERROR;
import static io.eksnet.model.diagnosis.RootCause.KEEPALIVE_SHORTER_THAN_IDLE;
import static io.eksnet.model.diagnosis.RootCause.LB_CERTIFICATE;
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
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LbAddress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadBalancerRulesTest {
  private static final Endpoint GOING = new Endpoint("10.0.0.80", false, true, "n1");
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
    assertThat(scene.causes())
        .as("agents send the same request and succeed: the path differs, not the protocol")
        .containsExactly(NACL_OR_ROUTE);
    assertThat(paths(scene, Verdict.UNKNOWN).findings()).isEmpty();
  }

  /** The way of ingress-nginx, Istio and Traefik behind a network load balancer. */
  @Test
  void namesUnexpectedCodeOfNetworkLoadBalancerFromAgents() {
    var scene = network(unhealthy("Target.FailedHealthChecks", "Health checks failed"));
    var code = scene.results(n -> true, Scene.a(TargetKey.class), at -> status(at, 404));

    assertThat(code.causes()).containsExactly(TARGET_HEALTH_CHECK_MISMATCH);
    assertThat(one(code).confidence().percent()).isEqualTo(90);
    assertThat(one(code).evidence().get(2)).isEqualTo("agents that send the same request get 404");
    assertThat(one(code).excluded()).isEmpty();
    assertThat(String.join(" ", one(code).fix()))
        .contains("aws-load-balancer-healthcheck-path")
        .doesNotContain("alb.ingress");
    assertThat(paths(code, Verdict.BLOCKED).causes()).containsExactly(SECURITY_GROUP_BLOCKS_TARGET);
    assertThat(code.results("n1"::equals, Scene.a(TargetKey.class), at -> status(at, 200)).causes())
        .as("one agent gets the expected code")
        .doesNotContain(TARGET_HEALTH_CHECK_MISMATCH, TARGET_PROTOCOL_MISMATCH);
  }

  @ParameterizedTest
  @CsvSource({
    "conn_refused,CONNECT,TARGET_PORT_WRONG,90",
    "timeout,CONNECT,TARGET_HUNG,70",
    "timeout,PROCESSING,TARGET_HUNG,85",
    "http_protocol,PROCESSING,TARGET_PROTOCOL_MISMATCH,85",
    "conn_reset,PROCESSING,TARGET_PROTOCOL_MISMATCH,70",
    "tls_handshake,TLS,TARGET_PROTOCOL_MISMATCH,85"
  })
  void distinguishesFailuresOfNetworkLoadBalancerTargets(
      String outcome, Phase phase, RootCause cause, int percent) {
    var scene =
        network(unhealthy("Target.FailedHealthChecks", "Health checks failed"))
            .failing(Scene.a(TargetKey.class), outcome, phase);

    assertThat(scene.causes()).containsExactly(cause);
    assertThat(one(scene).confidence().percent()).isEqualTo(percent);
    assertThat(String.join(" ", one(scene).fix())).doesNotContain("alb.ingress.kubernetes.io");
  }

  @Test
  void namesPortOfHealthCheckWhereItDiffers() {
    var targets =
        Scene.TARGET_IPS.stream()
            .map(
                ip ->
                    new TargetHealth(
                        Scene.TG_ARN,
                        ip,
                        8080,
                        "eu-west-1a",
                        "unhealthy",
                        "Target.FailedHealthChecks",
                        "Health checks failed",
                        9000))
            .toList();
    var refused =
        Scene.healthy()
            .targets(targets)
            .failing(Scene.a(TargetKey.class), "conn_refused", Phase.CONNECT);
    var one =
        Scene.healthy()
            .targets(
                List.of(
                    Scene.target("10.0.0.80", "unhealthy", "Target.FailedHealthChecks", ""),
                    Scene.target("10.0.1.80", "healthy", "", "")))
            .failing(Scene.a(TargetKey.class), "conn_refused", Phase.CONNECT);

    assertThat(one(refused).evidence().get(1)).contains("port 9000");
    assertThat(one(refused).fix().get(0)).contains("healthcheck-port");
    assertThat(one(one).fix().get(0)).contains("why these pods do not listen");
  }

  /** With externalTrafficPolicy Local, nodes without a pod fail the check of kube-proxy. */
  @Test
  void ignoresNodesWithoutPodsOfLocalServices() {
    var failed = "Target.FailedHealthChecks";
    var withoutPods =
        List.of(
            instance("i-n1", "healthy", "", ""),
            instance("i-n2", "unhealthy", failed, "Health checks failed"),
            instance("i-n3", "unhealthy", "Target.ResponseCodeMismatch", CODES));
    var code = "Health checks failed with these codes: [404]";

    assertThat(localPolicy("/healthz", "31324").targets(withoutPods).findings()).isEmpty();
    assertThat(
            localPolicy("/healthz", "31324")
                .targets(List.of(instance("i-n1", "unhealthy", "", code)))
                .causes())
        .as("this node has a pod, and 404 is not the answer of kube-proxy")
        .containsExactly(TARGET_HEALTH_CHECK_MISMATCH);
    assertThat(localPolicy("/status", "traffic-port").targets(withoutPods).causes())
        .as("the check asks the application")
        .containsExactly(TARGET_HEALTH_CHECK_MISMATCH);
  }

  private static Scene localPolicy(String path, String port) {
    return network(Scene.healthy())
        .each(
            Resources.TARGET_GROUPS,
            group ->
                new TargetGroup(
                    group.arn(),
                    group.name(),
                    group.protocol(),
                    "",
                    group.port(),
                    "instance",
                    group.loadBalancerArns(),
                    new HealthCheck(
                        true,
                        "HTTP",
                        port,
                        path,
                        "200-399",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(6)),
                    Optional.empty()));
  }

  private static TargetHealth instance(String id, String state, String reason, String text) {
    return new TargetHealth(Scene.TG_ARN, id, 30080, "eu-west-1a", state, reason, text, 31324);
  }

  @Test
  void reportsMissingRuleOnceForAllItsTargetGroups() {
    var scene = paths(unhealthy("Target.Timeout", "Request timed out"), Verdict.BLOCKED);
    var other = "arn:tg/api";
    var both =
        scene
            .with(
                Resources.TARGET_GROUPS,
                List.of(Scene.targetGroup(), named(Scene.targetGroup(), other, "k8s-shop-api-tg")))
            .with(
                Resources.TARGET_HEALTH,
                Stream.of(Scene.TG_ARN, other)
                    .map(
                        arn ->
                            new GroupHealth(
                                arn,
                                Snapshot.of(scene.targets(), Scene.NOW, Duration.ofMinutes(1)),
                                Optional.empty()))
                    .toList())
            .with(
                Resources.SECURITY_PATHS,
                Stream.of(Scene.TG_ARN, other)
                    .flatMap(
                        arn ->
                            Scene.TARGET_IPS.stream()
                                .map(ip -> blocked(arn, ip, arn.equals(other) ? 9090 : 8080)))
                    .toList());

    assertThat(both.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(SECURITY_GROUP_BLOCKS_TARGET);
              assertThat(finding.affected()).containsExactly("target_group/k8s-shop-api-tg");
              assertThat(finding.evidence().get(2))
                  .isEqualTo(
                      "targets of 1 other target groups lack the same rule: k8s-shop-api-tg");
            });
  }

  private static SecurityPath blocked(String group, String ip, int port) {
    return new SecurityPath(
        Scene.LB_ARN,
        group,
        ip,
        "eni-" + ip,
        List.of("sg-node"),
        port,
        Use.TRAFFIC,
        Verdict.BLOCKED,
        "no ingress rule of sg-node permits tcp %d from the other end".formatted(port));
  }

  private static TargetGroup named(TargetGroup group, String arn, String name) {
    return new TargetGroup(
        arn,
        name,
        group.protocol(),
        group.protocolVersion(),
        group.port(),
        group.targetType(),
        group.loadBalancerArns(),
        group.healthCheck(),
        Optional.empty());
  }

  @Test
  void namesDirectionOfMissingRule() {
    var egress =
        new SecurityPath(
            Scene.LB_ARN,
            Scene.TG_ARN,
            "10.0.0.80",
            "eni-1",
            List.of("sg-node", "sg-other"),
            8080,
            Use.TRAFFIC,
            Verdict.BLOCKED,
            "no egress rule of sg-alb permits tcp 8080 to the other end");
    var scene =
        unhealthy("Target.Timeout", "Request timed out")
            .with(Resources.SECURITY_PATHS, List.of(egress));

    assertThat(one(scene).fix().get(0))
        .contains("egress rules")
        .endsWith(
            ": aws ec2 authorize-security-group-egress --region eu-west-1 --group-id sg-alb"
                + " --protocol tcp --port 8080 --source-group sg-node");
  }

  /** A security group that admits clients of a network load balancer may admit some of them. */
  @Test
  void reportsBlockedHealthChecksWhereTrafficIsUnknown() {
    var scene =
        network(unhealthy("Target.FailedHealthChecks", "Health checks failed"))
            .with(
                Resources.SECURITY_PATHS,
                List.of(
                    Scene.path("10.0.0.80", Use.TRAFFIC, Verdict.UNKNOWN),
                    Scene.path("10.0.0.80", Use.HEALTH_CHECK, Verdict.BLOCKED)));

    assertThat(scene.causes()).containsExactly(SECURITY_GROUP_BLOCKS_HEALTH_CHECK);
    assertThat(one(scene).excluded()).isEmpty();
  }

  @Test
  void reportsResponsesThatAreSlowerThanHealthChecksWait() {
    var scene = unhealthy("Target.Timeout", "Request timed out");
    var slow =
        scene.results(
            n -> true,
            Scene.a(TargetKey.class),
            at -> new Result(at, "success", Phase.PROCESSING, 200, false, false, 5_400, Map.of()));

    assertThat(slow.causes()).containsExactly(TARGET_HUNG);
    assertThat(one(slow).evidence().get(1))
        .isEqualTo("agents get a response after 5400 ms, health checks wait for 5000 ms");
    assertThat(scene.causes()).containsExactly(NACL_OR_ROUTE);
  }

  @Test
  void reportsZonesThatTheLoadBalancerCannotReach() {
    var two =
        Scene.healthy()
            .targets(
                List.of(
                    in("eu-west-1b", "10.0.0.80", "unhealthy", "Target.Timeout"),
                    in("eu-west-1c", "10.0.1.80", "unhealthy", "Target.Timeout"),
                    in("eu-west-1a", "10.0.2.80", "healthy", "")));
    var all = two.targets(two.targets().subList(0, 2));
    var oneOfTwoInZone =
        Scene.healthy()
            .targets(
                List.of(
                    in("eu-west-1b", "10.0.0.80", "unhealthy", "Target.Timeout"),
                    in("eu-west-1b", "10.0.1.80", "healthy", "")));

    assertThat(one(two).evidence().get(0)).contains("eu-west-1b, eu-west-1c");
    assertThat(one(two).confidence().percent()).isEqualTo(70);
    assertThat(one(all).confidence().percent()).isEqualTo(60);
    assertThat(oneOfTwoInZone.findings()).as("an ACL is for a whole subnet").isEmpty();
  }

  @Test
  void reportsFailingOpenBesideDrainingTargets() {
    var targets =
        List.of(
            Scene.target("10.0.0.80", "unhealthy", "Target.Timeout", "Request timed out"),
            Scene.target("10.0.1.80", "unhealthy", "Target.Timeout", "Request timed out"),
            Scene.target("10.0.2.80", "draining", "Target.DeregistrationInProgress", ""));
    var timingOut =
        Scene.healthy()
            .targets(targets)
            .failing(Scene.a(TargetKey.class), "timeout", Phase.PROCESSING);

    assertThat(lb(timingOut, 504).causes()).contains(TARGET_GROUP_FAILING_OPEN);
    assertThat(timingOut.causes()).as("requests succeed").containsExactly(TARGET_HUNG);
    assertThat(timingOut.failing(Scene.a(LbKey.class), "timeout", Phase.PROCESSING).causes())
        .as("agents stop waiting before the load balancer responds 504")
        .contains(TARGET_GROUP_FAILING_OPEN);
    assertThat(timingOut.failing(Scene.a(LbKey.class), "timeout", Phase.CONNECT).causes())
        .as("the load balancer itself is unreachable")
        .doesNotContain(TARGET_GROUP_FAILING_OPEN);
    assertThat(
            timingOut
                .targets(
                    Stream.concat(
                            targets.stream(),
                            Stream.of(Scene.target("10.0.3.80", "healthy", "", "")))
                        .toList())
                .failing(Scene.a(LbKey.class), "timeout", Phase.PROCESSING)
                .causes())
        .doesNotContain(TARGET_GROUP_FAILING_OPEN);
  }

  @Test
  void reportsFailingOpenOfNetworkLoadBalancer() {
    var scene =
        network(paths(unhealthy("Target.FailedHealthChecks", ""), Verdict.BLOCKED))
            .failing(Scene.a(LbKey.class), "timeout", Phase.CONNECT);

    assertThat(scene.causes())
        .containsExactly(SECURITY_GROUP_BLOCKS_TARGET, TARGET_GROUP_FAILING_OPEN);
  }

  @Test
  void reports5xxOfApplicationThatProbesCountAsSuccess() {
    var scene = Scene.healthy().results(n -> true, Scene.a(LbKey.class), at -> served(at, 500));
    var once =
        Scene.healthy()
            .results(
                n -> true,
                Scene.a(LbKey.class),
                at -> served(at, at.isAfter(Scene.NOW.minusSeconds(10)) ? 500 : 200));
    var ofOneNode =
        Scene.healthy().results("n1"::equals, Scene.a(LbKey.class), at -> served(at, 503));

    assertThat(scene.causes()).containsExactly(APPLICATION_ERROR);
    assertThat(one(scene).evidence().get(0))
        .isEqualTo(
            "an application behind k8s-shop-web responds 500 at 80 shop.example.com to 6 of 6"
                + " nodes");
    assertThat(once.findings()).isEmpty();
    assertThat(one(ofOneNode).confidence().label()).isEqualTo("medium");
    assertThat(
            Scene.healthy()
                .results(n -> true, Scene.a(LbKey.class), at -> served(at, 404))
                .findings())
        .isEmpty();
  }

  private static Result served(Instant at, int code) {
    return new Result(at, "success", Phase.PROCESSING, code, false, false, 3, Map.of());
  }

  private static Result status(Instant at, int code) {
    return code < 400
        ? served(at, code)
        : new Result(at, "http_status", Phase.PROCESSING, code, false, false, 0, Map.of());
  }

  @Test
  void reportsCertificateThatMostNodesReject() {
    Predicate<String> one = "n1"::equals;

    assertThat(certificate(n -> true, "tls_expired").causes()).containsExactly(LB_CERTIFICATE);
    assertThat(one(certificate(n -> true, "tls_expired")).scope()).isEqualTo("lb/k8s-shop-web");
    assertThat(one(certificate(n -> true, "tls_name")).fix().get(0)).contains("certificate-arn");
    assertThat(certificate(one, "tls_expired").findings())
        .as("the clock of one node may be wrong")
        .isEmpty();
    assertThat(certificate(n -> true, "tls_untrusted").findings())
        .as("a private authority")
        .isEmpty();
  }

  private static Scene certificate(Predicate<String> nodes, String outcome) {
    return Scene.healthy().failing(nodes, Scene.a(LbKey.class), outcome, Phase.TLS);
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
                group.healthCheck(),
                Optional.empty()));
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

  /** An agent that connects and gets no response excludes the network. */
  @ParameterizedTest
  @CsvSource({"CONNECT,medium", "PROCESSING,high"})
  void reportsTargetsThatTimeOutForAgentsToo(Phase phase, String confidence) {
    var scene =
        unhealthy("Target.Timeout", "Request timed out")
            .failing(Scene.a(TargetKey.class), "timeout", phase);

    assertThat(scene.causes()).containsExactly(TARGET_HUNG);
    assertThat(one(scene).confidence().label()).isEqualTo(confidence);
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
                        ? new Result(
                            at, "success", Phase.PROCESSING, 200, false, false, 3, Map.of())
                        : new Result(
                            at, "http_status", Phase.PROCESSING, 502, true, false, 0, Map.of()));

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
    var scene = lb(Scene.healthy(), 502);

    assertThat(scene.causes()).containsExactly(KEEPALIVE_SHORTER_THAN_IDLE);
    assertThat(one(scene).holdFor())
        .as("targets may turn unhealthy within two checks")
        .hasSeconds(40);
  }

  /** A keep-alive that is shorter than the idle timeout breaks few requests, all the time. */
  @Test
  void countsRare502sOfAnHour() {
    var rare = earlier502s(Scene.healthy(), 5, 20, 35, 50);

    assertThat(rare.causes()).containsExactly(KEEPALIVE_SHORTER_THAN_IDLE);
    assertThat(one(rare).confidence().label()).isEqualTo("medium");
    assertThat(one(rare).evidence().get(0))
        .isEqualTo(
            "the load balancer itself responded 502 to 8 requests of the last hour, from 2 of 6"
                + " nodes");
    assertThat(earlier502s(Scene.healthy(), 30, 31, 32, 33).findings())
        .as("an outage of three minutes")
        .isEmpty();
    assertThat(
            rare.each(Resources.SERVICE_PODS, pod -> since(pod, Scene.NOW.minusSeconds(51 * 60)))
                .causes())
        .as("three of four are not around the rollout")
        .containsExactly(KEEPALIVE_SHORTER_THAN_IDLE);
    assertThat(
            earlier502s(Scene.healthy(), 45, 47, 49, 50)
                .each(Resources.SERVICE_PODS, pod -> since(pod, Scene.NOW.minusSeconds(51 * 60)))
                .findings())
        .as("a rollout")
        .isEmpty();
  }

  @Test
  void namesIdleTimeoutOfTheLoadBalancer() {
    var scene =
        lb(Scene.healthy(), 502)
            .each(Resources.LOAD_BALANCERS, lb -> idleAfter(lb, Duration.ofMinutes(2)));

    assertThat(String.join(" ", one(scene).fix())).contains("(120 s)");
  }

  private static LoadBalancer idleAfter(LoadBalancer lb, Duration timeout) {
    return new LoadBalancer(
        lb.arn(),
        lb.name(),
        lb.dnsName(),
        lb.type(),
        lb.scheme(),
        lb.state(),
        lb.stateReason(),
        lb.vpcId(),
        lb.subnets(),
        lb.securityGroups(),
        lb.listeners(),
        lb.created(),
        Optional.of(timeout));
  }

  /** On two nodes, these minutes ago. */
  private static Scene earlier502s(Scene scene, int... minutes) {
    var errors =
        IntStream.of(minutes)
            .mapToObj(ago -> Scene.NOW.minusSeconds(ago * 60L))
            .map(
                at ->
                    new Result(at, "http_status", Phase.PROCESSING, 502, true, false, 0, Map.of()))
            .toList();
    return scene.agents(
        agent ->
            List.of("n1", "n2").contains(agent.node())
                ? new AgentReport(
                    agent.node(),
                    agent.zone(),
                    agent.windows().stream()
                        .map(
                            window ->
                                window.key() instanceof LbKey
                                    ? new ResultWindow(
                                        window.key(), window.results(), Optional.of(errors))
                                    : window)
                        .toList(),
                    agent.host())
                : agent);
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
        pod.ip(), pod.node(), false, pod.hostNetwork(), pod.branchInterface(), since);
  }

  @Test
  void reportsTargetInZoneThatIsNotEnabled() {
    assertThat(Scene.healthy().targets(List.of(unused())).causes())
        .containsExactly(TARGET_ZONE_NOT_ENABLED);
    assertThat(String.join(" ", one(Scene.healthy().targets(List.of(unused()))).fix()))
        .doesNotContain("or enable cross-zone");
  }

  /** Cross-zone load balancing is always on for application load balancers. */
  @ParameterizedTest
  @CsvSource({"application, false", "network, true"})
  void advisesCrossZoneLoadBalancingForNetworkLoadBalancersOnly(String type, boolean advised) {
    var addresses = Map.of("192.0.2.1", "success", "192.0.2.2", "timeout");
    var scene =
        Scene.healthy()
            .targets(List.of(Scene.target(Scene.TARGET_IPS.get(0), "healthy", "", "")))
            .each(Resources.LOAD_BALANCERS, lb -> of(lb, type))
            .with(
                Resources.LB_ADDRESSES,
                List.of(
                    new LbAddress(Scene.ZONES.get(0), "192.0.2.1"),
                    new LbAddress(Scene.ZONES.get(1), "192.0.2.2")))
            .results(
                node -> true,
                Scene.a(LbKey.class),
                at -> new Result(at, "timeout", Phase.CONNECT, 0, false, false, 0, addresses));

    var finding =
        scene.findings().stream()
            .filter(one -> one.cause() == RootCause.LB_ADDRESS_FAILING)
            .findFirst()
            .orElseThrow();
    assertThat(finding.fix().get(0)).contains("run healthy pods in eu-west-1b");
    assertThat(finding.fix().get(0).contains("cross-zone")).isEqualTo(advised);
  }

  private static LoadBalancer of(LoadBalancer lb, String type) {
    return new LoadBalancer(
        lb.arn(),
        lb.name(),
        lb.dnsName(),
        type,
        lb.scheme(),
        lb.state(),
        lb.stateReason(),
        lb.vpcId(),
        lb.subnets(),
        lb.securityGroups(),
        lb.listeners(),
        lb.created(),
        lb.idleTimeout());
  }

  /** A load balancer in two of three zones may be meant so. */
  @Test
  void ignoresZonesThatTheLoadBalancerDoesNotNeed() {
    var partly =
        Scene.healthy().targets(List.of(unused(), Scene.target("10.0.0.80", "healthy", "", "")));
    var eligible =
        partly.with(
            Resources.LB_SUBNETS,
            List.of(
                new Eligibility(
                    Scheme.INTERNET_FACING, "subnet-c", "eu-west-1c", IneligibleReason.NONE)));

    assertThat(one(partly).confidence().percent()).isEqualTo(60);
    assertThat(one(eligible).confidence().percent()).isEqualTo(90);
    assertThat(
            eligible
                .each(
                    Resources.INGRESSES,
                    ingress ->
                        annotated(ingress, Map.of("alb.ingress.kubernetes.io/subnets", "a, b")))
                .findings())
        .as("an annotation names the subnets")
        .isEmpty();
  }

  private static KubeIngress annotated(KubeIngress ingress, Map<String, String> annotations) {
    return new KubeIngress(
        ingress.namespace(),
        ingress.name(),
        ingress.className(),
        ingress.group(),
        ingress.scheme(),
        ingress.rules(),
        ingress.tls(),
        ingress.addresses(),
        annotations,
        ingress.reconcile(),
        ingress.created());
  }

  private static TargetHealth unused() {
    return new TargetHealth(
        Scene.TG_ARN,
        "10.0.2.80",
        8080,
        "eu-west-1c",
        "unused",
        "Target.NotInUse",
        "Target is in an Availability Zone that is not enabled for the load balancer",
        8080);
  }

  @Test
  void reports5xxOfApplication() {
    var scene =
        Scene.healthy()
            .results(
                n -> true,
                Scene.a(LbKey.class),
                at ->
                    new Result(
                        at, "http_status", Phase.PROCESSING, 500, false, false, 0, Map.of()));

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
        (Instant at) ->
            new Result(at, "http_status", Phase.PROCESSING, code, true, false, 0, Map.of()));
  }

  private static Scene lately(Scene scene, int code) {
    return scene.answeredLately(Scene.a(LbKey.class), code);
  }

  private static Scene endpoints(Scene scene, boolean ready) {
    return scene.each(
        Resources.SERVICES, s -> with(s, List.of(new Endpoint("10.0.0.80", ready, false, "n1"))));
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
        Set.of(),
        Optional.of(endpoints),
        Optional.empty());
  }

  private static TargetHealth in(String zone, String ip, String state, String reason) {
    return new TargetHealth(Scene.TG_ARN, ip, 8080, zone, state, reason, "", 8080);
  }
}
