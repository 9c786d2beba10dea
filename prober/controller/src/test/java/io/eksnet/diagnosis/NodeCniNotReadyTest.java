package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.NODE_CNI_NOT_READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.UnschedulableReason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NodeCniNotReadyTest {
  private static final String MESSAGE = "cni plugin not initialized";

  private static Scene notReady(String... nodes) {
    return notReady(NotReadyReason.CNI_NOT_INITIALIZED, Duration.ofMinutes(10), nodes);
  }

  private static Scene notReady(NotReadyReason reason, Duration age, String... nodes) {
    return Scene.healthy()
        .with(
            Resources.NOT_READY_NODES,
            Stream.of(nodes)
                .map(
                    node ->
                        new NotReadyNode(
                            node, Scene.zone(node), reason, MESSAGE, Scene.NOW.minus(age)))
                .toList());
  }

  private static Finding only(Scene scene) {
    assertThat(scene.causes()).contains(NODE_CNI_NOT_READY);
    return scene.findings().stream()
        .filter(finding -> finding.cause() == NODE_CNI_NOT_READY)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "n2, node/n2",
    "n1 n4, zone/eu-west-1a",
    "n1 n2, cluster",
    "n1 n2 n3 n4 n5 n6, cluster",
  })
  void isOneFindingForAllNodes(String nodes, String scope) {
    var found = only(notReady(nodes.split(" ")));

    assertThat(found.scope()).isEqualTo(scope);
    assertThat(found.confidence().label()).isEqualTo("high");
    assertThat(found.evidence().get(0)).contains("of 6 nodes").contains(MESSAGE);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CNI_NOT_INITIALIZED")
  void isNotFoundForOtherReasons(NotReadyReason reason) {
    assertThat(notReady(reason, Duration.ofMinutes(4), "n1").causes())
        .doesNotContain(NODE_CNI_NOT_READY);
  }

  @ParameterizedTest
  @CsvSource({"PT2M59S, false", "PT3M1S, true"})
  void givesANodeTimeToStart(Duration age, boolean found) {
    assertThat(
            notReady(NotReadyReason.CNI_NOT_INITIALIZED, age, "n1")
                .causes()
                .contains(NODE_CNI_NOT_READY))
        .isEqualTo(found);
  }

  @Test
  void adviseToInstallTheCniOnlyWhereItIsKnownToBeMissing() {
    var scene = notReady("n1", "n2", "n3", "n4", "n5", "n6");
    var others = List.of(Scene.component("coredns", "coredns"));
    var missing = scene.with(Resources.COMPONENTS, others);

    assertThat(only(missing).fix().get(0)).startsWith("install the EKS add-on vpc-cni");
    assertThat(only(notReady("n2").with(Resources.COMPONENTS, others)).fix())
        .as("other nodes are ready, with Cilium or Calico")
        .noneMatch(step -> step.contains("vpc-cni") || step.contains("aws-node"))
        .anyMatch(step -> step.startsWith("read the log of the CNI's pod on n2"));
    assertThat(only(missing.with(Resources.NODES, List.of())).fix())
        .noneMatch(step -> step.contains("vpc-cni"));
    assertThat(only(scene).fix().get(0)).startsWith("kubectl -n kube-system get pods");
    assertThat(only(scene.without(Resources.COMPONENTS)).fix().get(0))
        .startsWith("kubectl -n kube-system get pods");
  }

  @Test
  void warnsOfTheTolerationThatHelpsNobody() {
    assertThat(only(notReady("n1")).fix())
        .anyMatch(step -> step.startsWith("do not tolerate the taint"));
  }

  @ParameterizedTest
  @CsvSource({"NODES_NOT_READY, true", "INSUFFICIENT_CPU, false", "TAINT, false"})
  void explainsCoreDnsPodsThatWaitForReadyNodesOnly(UnschedulableReason reason, boolean explained) {
    var scene =
        notReady("n1", "n2", "n3", "n4", "n5", "n6")
            .each(Resources.DNS_PODS, pod -> unscheduled(pod, reason));

    assertThat(only(scene).explains().contains(RootCause.COREDNS_UNSCHEDULABLE))
        .isEqualTo(explained);
  }

  private static DnsPod unscheduled(DnsPod pod, UnschedulableReason reason) {
    return new DnsPod(
        pod.name(),
        "",
        "",
        "Pending",
        false,
        new Scheduling(false, reason, "0/6 nodes are available"),
        "default-scheduler",
        pod.created(),
        "");
  }
}
