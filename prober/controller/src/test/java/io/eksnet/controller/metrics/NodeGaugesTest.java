package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.NOON;
import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.UnschedulableReason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeGaugesTest {
  @Test
  void slotsAreUsedAndAllocatable() {
    assertThat(
            series(
                "node_pod_slots", knowing(Resources.NODES, List.of(node("n1", ComputeType.EC2)))))
        .containsExactly("node=n1 state=allocatable 27", "node=n1 state=used 3");
  }

  @Test
  void aFargateNodeIsNotFull() {
    assertThat(
            series(
                "node_pod_slots",
                knowing(Resources.NODES, List.of(node("f1", ComputeType.FARGATE)))))
        .isEmpty();
  }

  @Test
  void reportsNodesThatAreNotReadyOnly() {
    var inventory =
        and(
            knowing(Resources.NODES, List.of(node("n1", ComputeType.EC2))),
            Resources.NOT_READY_NODES,
            List.of(
                new NotReadyNode(
                    "n2", "eu-central-1b", NotReadyReason.STATUS_UNKNOWN, "stopped", NOON)));

    assertThat(series("node_not_ready", inventory))
        .containsExactly("node=n2 az=eu-central-1b reason=status_unknown 1");
  }

  @Test
  void everyCauseIsThereAtZero() {
    var inventory =
        knowing(
            Resources.PENDING_PODS,
            List.of(
                pending(
                    new Scheduling(
                        false, UnschedulableReason.INSUFFICIENT_PODS, "Insufficient pods")),
                pending(new Scheduling(false, UnschedulableReason.NONE, "")),
                pending(Scheduling.DONE)));

    assertThat(series("pods_unschedulable", inventory))
        .containsExactly(
            "cause=affinity 0",
            "cause=cordoned 0",
            "cause=fargate_taint 0",
            "cause=insufficient_cpu 0",
            "cause=insufficient_memory 0",
            "cause=insufficient_pods 1",
            "cause=no_nodes 0",
            "cause=nodes_not_ready 0",
            "cause=other 0",
            "cause=taint 0",
            "cause=volume 0");
    assertThat(series("pods_unschedulable", Inventory.EMPTY)).isEmpty();
  }

  @Test
  void everyReasonOfANodeExistsBeforeItsFirstFailure() {
    var inventory =
        and(
            knowing(Resources.NODES, List.of(node("n1", ComputeType.EC2))),
            Resources.SANDBOX_FAILURES,
            List.of(new SandboxFailures("", "n1", SandboxFailure.NO_IP, 4, "", Instant.EPOCH)));

    assertThat(series("pod_sandbox_failures_total", inventory))
        .containsExactly(
            "az=eu-central-1a node=n1 reason=branch_eni 0",
            "az=eu-central-1a node=n1 reason=cni 0",
            "az=eu-central-1a node=n1 reason=ipamd_unreachable 0",
            "az=eu-central-1a node=n1 reason=network_policy 0",
            "az=eu-central-1a node=n1 reason=no_ip 4",
            "az=eu-central-1a node=n1 reason=other 0");
  }

  @Test
  void keepsLastFailureOfRemovedNode() {
    var failures =
        List.of(
            new SandboxFailures(
                "eu-central-1b", "old", SandboxFailure.OTHER, 1, "", Instant.EPOCH));
    var inventory = and(knowing(Resources.NODES, List.of()), Resources.SANDBOX_FAILURES, failures);

    assertThat(series("pod_sandbox_failures_total", inventory))
        .containsExactly("az=eu-central-1b node=old reason=other 1");
  }

  @Test
  void nodesAloneSayNothingAboutFailures() {
    var inventory = knowing(Resources.NODES, List.of(node("n1", ComputeType.EC2)));

    assertThat(series("pod_sandbox_failures_total", inventory)).isEmpty();
  }

  private static KubeNode node(String name, ComputeType type) {
    return new KubeNode(
        name, "eu-central-1a", "i-1", List.of(), type, true, 27, 3, List.of(), NOON);
  }

  private static PendingPod pending(Scheduling scheduling) {
    return new PendingPod("shop", "web-1", "", scheduling, NOON);
  }
}
