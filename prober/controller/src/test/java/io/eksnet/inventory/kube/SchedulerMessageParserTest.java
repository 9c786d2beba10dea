package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eksnet.model.inventory.Taint;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulerMessageParserTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "FARGATE_TAINT | 0/8 nodes are available: 8 node(s) had untolerated taint"
            + " {eks.amazonaws.com/compute-type: fargate}. preemption: 0/8 nodes are available: 8"
            + " Preemption is not helpful for scheduling.",
        "FARGATE_TAINT | 0/2 nodes are available: 2 node(s) had taint"
            + " {eks.amazonaws.com/compute-type: fargate}, that the pod didn't tolerate.",
        "NODES_NOT_READY | 0/3 nodes are available: 3 node(s) had untolerated taint"
            + " {node.kubernetes.io/not-ready: }. preemption: 0/3 nodes are available.",
        "INSUFFICIENT_PODS | 0/3 nodes are available: 3 Insufficient pods.",
        "INSUFFICIENT_PODS | 0/3 nodes are available: 3 Too many pods. preemption: 0/3 nodes are"
            + " available: 3 No preemption victims found for incoming pod.",
        "INSUFFICIENT_CPU | 0/4 nodes are available: 1 Insufficient memory, 3 Insufficient cpu.",
        "INSUFFICIENT_MEMORY | 0/4 nodes are available: 4 Insufficient memory, 1 Insufficient cpu.",
        "AFFINITY | 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
        "AFFINITY | 0/3 nodes are available: 3 node(s) didn't match pod topology spread"
            + " constraints.",
        "AFFINITY | 0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
        "VOLUME | 0/3 nodes are available: 3 node(s) had volume node affinity conflict.",
        "VOLUME | 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
        "VOLUME | 0/3 nodes are available: persistentvolumeclaim \"data\" not found.",
        "NO_NODES | no nodes available to schedule pods",
        "NO_NODES | 0/0 nodes are available: .",
        "OTHER | 0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod"
            + " ports.",
        "OTHER | 0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.",
        "OTHER | something new",
      })
  void classifiesASingleReason(UnschedulableReason obstacle, String message) {
    assertThat(SchedulerMessageParser.parse(message)).isEqualTo(obstacle);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        // a shortage on the nodes meant for the pod, whatever keeps it off the others
        "INSUFFICIENT_PODS | 0/8 nodes are available: 2 Insufficient pods, 6 node(s) had untolerated"
            + " taint {eks.amazonaws.com/compute-type: fargate}.",
        "INSUFFICIENT_CPU | 0/9 nodes are available: 1 Insufficient cpu, 4 node(s) didn't match"
            + " Pod's node affinity/selector, 4 node(s) had untolerated taint {dedicated: gpu}.",
        "INSUFFICIENT_PODS | 0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient pods.",
        // the taint of Fargate nodes is irrelevant where there are others
        "TAINT | 0/8 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 7"
            + " node(s) had untolerated taint {eks.amazonaws.com/compute-type: fargate}.",
        "AFFINITY | 0/8 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 7"
            + " node(s) didn't match Pod's node affinity/selector.",
        "VOLUME | 0/3 nodes are available: 1 node(s) had volume node affinity conflict, 2 node(s)"
            + " had untolerated taint {dedicated: gpu}.",
      })
  void ranksSeveralReasons(UnschedulableReason obstacle, String message) {
    assertThat(SchedulerMessageParser.parse(message)).isEqualTo(obstacle);
  }

  @Test
  void emptyMessageHasNoReason() {
    assertThat(SchedulerMessageParser.parse("")).isEqualTo(UnschedulableReason.NONE);
  }

  @Test
  void keepsTaintsThatTheMessageNames() {
    var scheduling =
        SchedulerMessageParser.scheduling(
            "0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 2 node(s)"
                + " had untolerated taint {node.kubernetes.io/not-ready: }.");

    assertThat(scheduling.taints())
        .containsExactly("{dedicated: gpu}", "{node.kubernetes.io/not-ready: }");
  }

  private static final Taint FARGATE =
      new Taint("eks.amazonaws.com/compute-type", "fargate", "NoSchedule");
  private static final Taint NOT_READY = new Taint("node.kubernetes.io/not-ready", "", "NoExecute");
  private static final Taint GPU = new Taint("dedicated", "gpu", "NoSchedule");
  private static final Taint ADDONS = new Taint("CriticalAddonsOnly", "", "NoSchedule");
  private static final List<PodToleration> COREDNS_TOLERATIONS =
      List.of(new PodToleration("CriticalAddonsOnly", "Exists", "", ""));

  static Stream<Arguments> taintsOfNodes() {
    return Stream.of(
        arguments(List.of(FARGATE), UnschedulableReason.FARGATE_TAINT),
        arguments(List.of(FARGATE, ADDONS), UnschedulableReason.FARGATE_TAINT),
        arguments(List.of(FARGATE, GPU), UnschedulableReason.TAINT),
        arguments(List.of(FARGATE, NOT_READY), UnschedulableReason.NODES_NOT_READY),
        arguments(List.of(NOT_READY, GPU), UnschedulableReason.NODES_NOT_READY),
        arguments(List.of(), UnschedulableReason.TAINT));
  }

  /** Since Kubernetes 1.34.2 the message names no taint. */
  @ParameterizedTest
  @MethodSource("taintsOfNodes")
  void takesUnnamedTaintsFromNodes(List<Taint> taints, UnschedulableReason reason) {
    var scheduling =
        SchedulerMessageParser.withTaints(
            SchedulerMessageParser.scheduling(
                "0/6 nodes are available: 6 node(s) had untolerated taint(s)."),
            COREDNS_TOLERATIONS,
            taints);

    assertThat(scheduling.reason()).isEqualTo(reason);
    assertThat(scheduling.taints()).doesNotContain(ADDONS.text());
  }

  @Test
  void keepsShortagesBesideUnnamedTaints() {
    var scheduling =
        SchedulerMessageParser.withTaints(
            SchedulerMessageParser.scheduling(
                "0/6 nodes are available: 2 node(s) had untolerated taint(s), 4 Insufficient cpu."),
            COREDNS_TOLERATIONS,
            List.of(FARGATE));

    assertThat(scheduling.reason()).isEqualTo(UnschedulableReason.INSUFFICIENT_CPU);
    assertThat(scheduling.taints()).containsExactly("{eks.amazonaws.com/compute-type: fargate}");
  }

  @ParameterizedTest
  @CsvSource({
    "dedicated, Equal, gpu, NoSchedule, true",
    "dedicated, '', gpu, '', true",
    "dedicated, Exists, '', '', true",
    "'', Exists, '', '', true",
    "dedicated, Equal, cpu, '', false",
    "dedicated, Equal, gpu, NoExecute, false",
    "other, Exists, '', '', false",
    "'', Equal, gpu, '', false",
  })
  void matchesTolerations(
      String key, String operator, String value, String effect, boolean tolerates) {
    assertThat(new PodToleration(key, operator, value, effect).tolerates(GPU)).isEqualTo(tolerates);
  }
}
