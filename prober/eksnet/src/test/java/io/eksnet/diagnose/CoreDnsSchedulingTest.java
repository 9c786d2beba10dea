package io.eksnet.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.DnsPod;
import io.eksnet.core.inventory.FargateProfile;
import io.eksnet.core.inventory.Obstacle;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Scheduling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** R1 and R2. */
class CoreDnsSchedulingTest {
  private static final String TAINT =
      "0/8 nodes are available: 8 node(s) had untolerated taint {eks.amazonaws.com/compute-type:"
          + " fargate}.";

  @Test
  void aHealthyClusterHasNoFinding() {
    assertThat(Scene.healthy().findings()).isEmpty();
  }

  @Test
  void coreDnsThatNoProfileAdmittedIsNamedWithTheProfileAndTheRestart() {
    var findings = onFargateOnly().findings();

    assertThat(findings).hasSize(1);
    var finding = findings.get(0);
    assertThat(finding.cause()).isEqualTo(RootCause.COREDNS_FARGATE_NOT_ADMITTED);
    assertThat(finding.confidence().label()).isEqualTo("high");
    assertThat(finding.evidence())
        .containsExactly(
            "2 CoreDNS pods are Pending with schedulerName default-scheduler: \"" + TAINT + "\"",
            "Fargate profile fp-system selects kube-system, is ACTIVE and was made after the pod"
                + " coredns-a");
    assertThat(finding.fix()).anyMatch(step -> step.contains("rollout restart deployment coredns"));
  }

  @Test
  void nodesWithRoomMakeItAnotherCause() {
    var scene = onFargateOnly().with(Parts.NODES, List.of(Scene.node("n1")));

    assertThat(scene.causes()).containsExactly(RootCause.COREDNS_UNSCHEDULABLE);
  }

  @Test
  void withoutNodesOrPodsKnownItIsLessSureOrSilent() {
    assertThat(onFargateOnly().without(Parts.NODES).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.confidence().percent()).isEqualTo(75));
    assertThat(onFargateOnly().without(Parts.DNS_PODS).findings()).isEmpty();
  }

  @Test
  void aPodThatFargateAlreadyTookIsOnlyStarting() {
    var scene =
        onFargateOnly()
            .each(Parts.DNS_PODS, pod -> pending(pod.name(), "fargate-scheduler", Obstacle.NONE));

    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void takenPodSlotsAreAnotherCauseWithAnotherRemedy() {
    var scene =
        Scene.healthy()
            .each(
                Parts.DNS_PODS,
                pod -> pending(pod.name(), "default-scheduler", Obstacle.INSUFFICIENT_PODS));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(RootCause.COREDNS_UNSCHEDULABLE);
              assertThat(f.fix().get(0)).contains("max-pods");
            });
  }

  private static Scene onFargateOnly() {
    return Scene.healthy()
        .with(Parts.NODES, List.of())
        .each(
            Parts.DNS_PODS, pod -> pending(pod.name(), "default-scheduler", Obstacle.FARGATE_TAINT))
        .with(
            Parts.FARGATE_PROFILES,
            List.of(
                new FargateProfile(
                    "fp-system",
                    "ACTIVE",
                    Scene.NOW.minusSeconds(600),
                    List.of("subnet-a"),
                    List.of(new FargateProfile.Selector("kube-system", Map.of())))));
  }

  private static DnsPod pending(String name, String scheduler, Obstacle obstacle) {
    return new DnsPod(
        name,
        "",
        "",
        "",
        "Pending",
        false,
        new Scheduling(false, obstacle, obstacle == Obstacle.NONE ? "" : TAINT),
        scheduler,
        "",
        Scene.LONG_AGO,
        "");
  }
}
