package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CachedNodeTest {
  private static final String NOT_READY =
      """
      metadata:
        name: ip-10-0-1-2
        creationTimestamp: "2026-11-30T10:00:00Z"
        labels: {topology.kubernetes.io/zone: eu-west-1a}
      spec: {providerID: 'aws:///eu-west-1a/i-0abc'}
      status:
        conditions:
        - type: Ready
          status: "False"
          reason: KubeletNotReady
          message: "container runtime network not ready: NetworkReady=false"
          lastTransitionTime: "2026-11-30T10:01:00Z"
      """;

  private static Optional<NotReadyNode> notReady(String yaml) {
    return CachedNode.of(Yaml.read(Node.class, yaml)).orElseThrow().notReady();
  }

  @Test
  void keepsReasonAndTimeOfANodeThatIsNotReady() {
    assertThat(notReady(NOT_READY))
        .contains(
            new NotReadyNode(
                "ip-10-0-1-2",
                "eu-west-1a",
                NotReadyReason.CNI_NOT_INITIALIZED,
                "container runtime network not ready: NetworkReady=false",
                Instant.parse("2026-11-30T10:01:00Z")));
  }

  @Test
  void readsWhatACniReportsInAConditionOfItsOwn() {
    var calico =
        NOT_READY.replace("container runtime network not ready: NetworkReady=false", "other")
            + "  - {type: NetworkUnavailable, status: \"True\", reason: CalicoIsDown,"
            + " message: Calico is shutting down on this node}\n";

    assertThat(notReady(calico))
        .hasValueSatisfying(
            node -> {
              assertThat(node.reason()).isEqualTo(NotReadyReason.CNI_NOT_INITIALIZED);
              assertThat(node.message()).startsWith("Calico is shutting down");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "NodeStatusUnknown,      STATUS_UNKNOWN",
    "NodeStatusNeverUpdated, STATUS_NEVER_UPDATED"
  })
  void ignoresTheConditionOfACniWhileTheKubeletIsSilent(String reason, NotReadyReason expected) {
    var silent =
        NOT_READY
                .replace("\"False\"", "Unknown")
                .replace("reason: KubeletNotReady", "reason: " + reason)
                .replace(
                    "container runtime network not ready: NetworkReady=false",
                    "Kubelet stopped posting node status.")
            + "  - {type: NetworkUnavailable, status: \"True\", reason: CalicoIsDown,"
            + " message: Calico is shutting down on this node}\n";

    assertThat(notReady(silent))
        .hasValueSatisfying(
            node -> {
              assertThat(node.reason()).isEqualTo(expected);
              assertThat(node.message()).startsWith("Kubelet stopped posting");
            });
  }

  @Test
  void countsANodeWithoutStatusFromItsCreation() {
    var withoutStatus = NOT_READY.substring(0, NOT_READY.indexOf("status:"));

    assertThat(notReady(withoutStatus))
        .hasValueSatisfying(
            node -> {
              assertThat(node.reason()).isEqualTo(NotReadyReason.STATUS_NEVER_UPDATED);
              assertThat(node.since()).isEqualTo(Instant.parse("2026-11-30T10:00:00Z"));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node.kubernetes.io/unschedulable",
        "karpenter.sh/disrupted",
        "karpenter.sh/disruption",
        "ToBeDeletedByClusterAutoscaler",
        "node.cloudprovider.kubernetes.io/shutdown",
        "node.kubernetes.io/out-of-service"
      })
  void leavesOutNodesThatAreTakenOutOfService(String taint) {
    var leaving =
        NOT_READY.replace(
            "spec: {", "spec: {taints: [{key: %s, effect: NoSchedule}], ".formatted(taint));

    assertThat(notReady(leaving)).isEmpty();
  }

  @Test
  void keepsNodesWithOtherTaints() {
    var tainted =
        NOT_READY.replace(
            "spec: {",
            "spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoSchedule}], ");

    assertThat(notReady(tainted)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec: {unschedulable: true, ",
        "spec: {x: y, ",
      })
  void leavesOutCordonedNodesOnly(String spec) {
    assertThat(notReady(NOT_READY.replace("spec: {", spec)).isEmpty())
        .isEqualTo(spec.contains("unschedulable"));
  }

  @Test
  void leavesOutDeletedAndFargateNodes() {
    assertThat(
            notReady(
                NOT_READY.replace(
                    "  name:", "  deletionTimestamp: \"2026-11-30T10:02:00Z\"\n  name:")))
        .isEmpty();
    assertThat(
            notReady(
                NOT_READY.replace(
                    "labels: {", "labels: {eks.amazonaws.com/compute-type: fargate, ")))
        .isEmpty();
  }

  @Test
  void leavesOutReadyNodes() {
    assertThat(notReady(NOT_READY.replace("\"False\"", "\"True\""))).isEmpty();
  }
}
