package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.NODE_NOT_JOINING;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.NodePool;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.UnschedulableReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeNotJoiningTest {
  private static final Condition REGISTERED =
      new Condition("Registered", "Unknown", "NodeNotFound", "Node not registered with cluster");

  private static NodeClaim claim(String name, String pool, Duration age, boolean slow) {
    return new NodeClaim(
        name,
        pool,
        "default",
        "i-" + name,
        REGISTERED,
        ReconcileCause.OTHER,
        Scene.NOW.minus(age),
        slow);
  }

  private static NodeClaim failed(String name, String reason, ReconcileCause cause) {
    return new NodeClaim(
        name,
        "default",
        "standard",
        "",
        new Condition("Launched", "Unknown", reason, "EC2 refused"),
        cause,
        Scene.NOW.minusSeconds(90),
        false);
  }

  private static Scene with(NodeClaim... claims) {
    return Scene.healthy().with(Resources.NODE_CLAIMS, List.of(claims));
  }

  private static PendingPod waiting(Duration age) {
    return new PendingPod(
        "shop",
        "web-1",
        "",
        new Scheduling(false, UnschedulableReason.INSUFFICIENT_CPU, "0/6 nodes are available"),
        Scene.NOW.minus(age));
  }

  @Test
  void isOneFindingForEachNodePool() {
    var found =
        with(
                claim("a", "default", Duration.ofMinutes(9), false),
                claim("b", "default", Duration.ofMinutes(14), false),
                claim("c", "gpu", Duration.ofMinutes(14), false),
                claim("d", "", Duration.ofMinutes(14), false))
            .findings();

    assertThat(found)
        .allSatisfy(
            finding -> {
              assertThat(finding.cause()).isEqualTo(NODE_NOT_JOINING);
              assertThat(finding.confidence().percent()).isGreaterThanOrEqualTo(Confidence.HIGH);
            });
    assertThat(found)
        .extracting(Finding::scope)
        .containsExactly("nodeclaim/d", "nodepool/default", "nodepool/gpu");
    assertThat(found.get(1).evidence().get(0))
        .isEqualTo(
            "2 NodeClaims were launched and have no node: a (i-a, for 9 minutes), b (i-b, for 14"
                + " minutes)");
  }

  @ParameterizedTest
  @CsvSource({
    "PT4M, false, false",
    "PT6M, false, true",
    "PT11M, true, false",
    "PT13M, true, true",
  })
  void givesAnInstanceItsUsualTime(Duration age, boolean slow, boolean found) {
    assertThat(with(claim("a", "default", age, slow)).causes().contains(NODE_NOT_JOINING))
        .isEqualTo(found);
  }

  @Test
  void isSilentWhereTheNodeExists() {
    assertThat(with(claim("n1", "default", Duration.ofMinutes(20), false)).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "QUOTA_EXCEEDED, VCPULimitExceeded, QUOTA_EXCEEDED, nodepool/default",
    "IAM, Unauthorized, NODECLASS_PERMISSION_MISSING, nodeclass/standard",
    "OTHER, SecurityGroupSubnetVPCMismatch, NODECLASS_SELECTOR_MISMATCH, nodeclass/standard",
  })
  void findsWhyALaunchFailsOnceForAllClaims(
      ReconcileCause cause, String reason, RootCause expected, String scope) {
    assertThat(with(failed("a", reason, cause), failed("b", reason, cause)).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(expected);
              assertThat(finding.scope()).isEqualTo(scope);
              assertThat(finding.evidence().get(0)).contains("EC2 refused");
            });
  }

  @ParameterizedTest
  @CsvSource({"THROTTLED, RequestLimitExceeded", "OTHER, AccountPendingVerification"})
  void isSilentAboutOtherFailedLaunches(ReconcileCause cause, String reason) {
    assertThat(with(failed("a", reason, cause)).findings()).isEmpty();
  }

  @Test
  void namesTheQuotaAndTheServiceToAsk() {
    var found =
        with(failed("a", "VCPULimitExceeded", ReconcileCause.QUOTA_EXCEEDED)).findings().get(0);

    assertThat(found.fix())
        .containsExactly(
            "raise the quota of On-Demand vCPUs for this family of instances, or use others",
            "aws service-quotas list-service-quotas --service-code ec2");
  }

  @Test
  void usesTheConditionOfANodePoolWhilePodsWait() {
    var scene =
        Scene.healthy()
            .with(
                Resources.NODE_POOLS,
                List.of(
                    new NodePool(
                        "default",
                        List.of(
                            new Condition(
                                "NodeRegistrationHealthy",
                                "False",
                                "RegistrationFailed",
                                "Failed to register node")),
                        Map.of())));

    assertThat(scene.findings()).as("no more nodes are needed").isEmpty();
    assertThat(
            scene.with(Resources.PENDING_PODS, List.of(waiting(Duration.ofSeconds(30)))).findings())
        .isEmpty();
    assertThat(
            scene.with(Resources.PENDING_PODS, List.of(waiting(Duration.ofMinutes(2)))).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.scope()).isEqualTo("nodepool/default"))
        .satisfies(finding -> assertThat(finding.confidence().percent()).isEqualTo(70));
    assertThat(
            scene
                .with(Resources.PENDING_PODS, List.of(waiting(Duration.ofMinutes(2))))
                .with(
                    Resources.NODE_CLAIMS,
                    List.of(claim("a", "default", Duration.ofMinutes(1), false)))
                .findings())
        .as("Karpenter launches another node")
        .singleElement()
        .satisfies(finding -> assertThat(finding.confidence().percent()).isEqualTo(80));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true"})
  void isSilentAboutLimitsWhileKarpenterIsDown(int ready, boolean found) {
    var karpenter =
        new Component(
            "karpenter",
            "kube-system",
            "karpenter",
            2,
            ready,
            false,
            ReconcileCause.OTHER,
            "",
            Optional.of("arn:aws:iam::1:role/karpenter"),
            Set.of(CredentialSource.IRSA));
    var scene = limited(Duration.ofMinutes(6), pool("default", Map.of("cpu", "98 of 100")));

    assertThat(
            scene
                .with(Resources.COMPONENTS, List.of(karpenter))
                .causes()
                .contains(NODE_NOT_JOINING))
        .isEqualTo(found);
  }

  private static NodePool pool(String name, Map<String, String> reachedLimits) {
    return new NodePool(name, List.of(), reachedLimits);
  }

  private static Scene limited(Duration age, NodePool... pools) {
    return Scene.healthy()
        .with(Resources.NODE_POOLS, List.of(pools))
        .with(Resources.PENDING_PODS, List.of(waiting(age)));
  }

  @Test
  void findsNodePoolsAtTheirLimitsWhilePodsWait() {
    var cpu = pool("default", Map.of("cpu", "98 of 100"));
    assertThat(limited(Duration.ofMinutes(6), cpu).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.scope()).isEqualTo("nodepool/default");
              assertThat(finding.confidence().percent()).isEqualTo(80);
              assertThat(finding.evidence())
                  .containsExactly(
                      "the limits of the NodePool leave no room for another node: cpu 98 of 100 in"
                          + " use",
                      "1 pods wait for a node: \"0/6 nodes are available\"");
            });

    assertThat(limited(Duration.ofMinutes(6), cpu, pool("gpu", Map.of())).findings())
        .extracting(Finding::scope)
        .containsExactly("nodepool/default");
  }

  @Test
  void isSilentAboutLimitsWhileNodesAreLaunchedOrNobodyWaits() {
    var cpu = pool("default", Map.of("cpu", "98 of 100"));
    var waiting = limited(Duration.ofMinutes(6), cpu);

    assertThat(limited(Duration.ofMinutes(4), cpu).findings()).isEmpty();
    assertThat(waiting.with(Resources.PENDING_PODS, List.of()).findings()).isEmpty();
    assertThat(waiting.without(Resources.NODE_CLAIMS).causes()).doesNotContain(NODE_NOT_JOINING);
    assertThat(
            waiting
                .with(
                    Resources.NODE_CLAIMS,
                    List.of(claim("new", "default", Duration.ofMinutes(1), false)))
                .findings())
        .isEmpty();
  }

  @Test
  void findsNodesWhoseKubeletNeverReported() {
    var scene =
        Scene.healthy()
            .with(
                Resources.NOT_READY_NODES,
                List.of(
                    new NotReadyNode(
                        "n3",
                        Scene.zone("n3"),
                        NotReadyReason.STATUS_NEVER_UPDATED,
                        "Kubelet never posted node status.",
                        Scene.NOW.minus(Duration.ofMinutes(6)))));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(NODE_NOT_JOINING);
              assertThat(finding.scope()).isEqualTo("node/n3");
              assertThat(finding.fix().get(0)).endsWith("--instance-id i-n3");
            });
  }
}
