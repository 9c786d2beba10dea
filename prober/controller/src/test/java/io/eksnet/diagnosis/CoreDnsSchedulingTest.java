package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.FargateProfile;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoreDnsSchedulingTest {
  private static final String TAINT =
      "0/8 nodes are available: 8 node(s) had untolerated taint {eks.amazonaws.com/compute-type:"
          + " fargate}.";

  @Test
  void findsNothingInHealthyCluster() {
    assertThat(Scene.healthy().findings()).isEmpty();
  }

  @Test
  void reportsPodsThatNoFargateProfileAdmittedWithProfileAndRestart() {
    var findings = onFargateOnly().findings();

    assertThat(findings).hasSize(1);
    var finding = findings.get(0);
    assertThat(finding.cause()).isEqualTo(RootCause.COREDNS_FARGATE_NOT_ADMITTED);
    assertThat(finding.confidence().label()).isEqualTo("high");
    assertThat(finding.evidence())
        .containsExactly(
            "2 CoreDNS pods are Pending with schedulerName default-scheduler: \"" + TAINT + "\"",
            "Fargate profile fp-system selects kube-system, is ACTIVE and was created after the pod"
                + " coredns-a");
    assertThat(finding.fix()).anyMatch(step -> step.contains("rollout restart deployment coredns"));
  }

  @Test
  void reportsUnschedulableWhereNodesHaveFreeSlots() {
    var scene = onFargateOnly().with(Resources.NODES, List.of(Scene.node("n1")));

    assertThat(scene.causes()).containsExactly(RootCause.COREDNS_UNSCHEDULABLE);
  }

  @Test
  void lowersConfidenceWithoutNodesAndFindsNothingWithoutPods() {
    assertThat(onFargateOnly().without(Resources.NODES).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.confidence().percent()).isEqualTo(75));
    assertThat(onFargateOnly().without(Resources.DNS_PODS).findings()).isEmpty();
  }

  @Test
  void ignoresPodsOfFargateScheduler() {
    var scene =
        onFargateOnly()
            .each(
                Resources.DNS_PODS,
                pod -> pending(pod.name(), "fargate-scheduler", UnschedulableReason.NONE));

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void namesRemedyForFullPodSlots() {
    var scene =
        Scene.healthy()
            .each(
                Resources.DNS_PODS,
                pod ->
                    pending(
                        pod.name(), "default-scheduler", UnschedulableReason.INSUFFICIENT_PODS));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(RootCause.COREDNS_UNSCHEDULABLE);
              assertThat(f.fix().get(0)).contains("max-pods");
            });
  }

  @Test
  void explainsNothingWhileOtherReplicasAnswer() {
    var extra =
        Scene.healthy()
            .with(
                Resources.DNS_PODS,
                List.of(
                    Scene.dnsPod("coredns-a", "n1", Scene.DNS_IPS.get(0)),
                    pending(
                        "coredns-c", "default-scheduler", UnschedulableReason.INSUFFICIENT_CPU)));

    assertThat(extra.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(RootCause.COREDNS_UNSCHEDULABLE);
              assertThat(f.excluded()).contains("not an outage: the other replicas answer");
              assertThat(f.explains()).isEmpty();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "NODES_NOT_READY, make the nodes ready",
    "CORDONED, uncordon",
    "TAINT, add a toleration",
    "VOLUME, volume"
  })
  void namesRemedyOfEachReason(UnschedulableReason reason, String remedy) {
    var scene =
        Scene.healthy()
            .each(Resources.DNS_PODS, pod -> pending(pod.name(), "default-scheduler", reason));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.fix().get(0)).contains(remedy));
  }

  @Test
  void namesTaintsOfNodesWhereTheMessageNamesNone() {
    var message = "0/8 nodes are available: 8 node(s) had untolerated taint(s).";
    var scene =
        onFargateOnly()
            .each(
                Resources.DNS_PODS,
                pod ->
                    pending(
                        pod.name(),
                        "default-scheduler",
                        new Scheduling(
                            false,
                            UnschedulableReason.FARGATE_TAINT,
                            message,
                            List.of("{eks.amazonaws.com/compute-type: fargate}"))));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(RootCause.COREDNS_FARGATE_NOT_ADMITTED);
              assertThat(f.evidence())
                  .contains("the nodes have the taint {eks.amazonaws.com/compute-type: fargate}");
            });
  }

  @Test
  void ignoresFargateProfilesThatSelectOtherPods() {
    var other =
        new FargateProfile(
            "fp-other",
            "ACTIVE",
            Scene.NOW.minusSeconds(600),
            List.of("subnet-a"),
            List.of(new FargateProfile.Selector("kube-system", Map.of("app", "metrics-server"))));
    var scene = onFargateOnly().with(Resources.FARGATE_PROFILES, List.of(other));

    assertThat(scene.findings().get(0).evidence())
        .contains("no Fargate profile selects the CoreDNS pods");
  }

  private static Scene onFargateOnly() {
    return Scene.healthy()
        .with(Resources.NODES, List.of())
        .each(
            Resources.DNS_PODS,
            pod -> pending(pod.name(), "default-scheduler", UnschedulableReason.FARGATE_TAINT))
        .with(
            Resources.FARGATE_PROFILES,
            List.of(
                new FargateProfile(
                    "fp-system",
                    "ACTIVE",
                    Scene.NOW.minusSeconds(600),
                    List.of("subnet-a"),
                    List.of(new FargateProfile.Selector("kube-system", Map.of())))));
  }

  private static DnsPod pending(String name, String scheduler, UnschedulableReason reason) {
    return pending(
        name,
        scheduler,
        new Scheduling(false, reason, reason == UnschedulableReason.NONE ? "" : TAINT));
  }

  private static DnsPod pending(String name, String scheduler, Scheduling scheduling) {
    return new DnsPod(name, "", "", "Pending", false, scheduling, scheduler, Scene.LONG_AGO, "");
  }
}
