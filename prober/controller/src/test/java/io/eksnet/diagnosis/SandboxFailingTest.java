package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.NODE_CNI_NOT_READY;
import static io.eksnet.model.diagnosis.RootCause.SANDBOX_FAILING;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Scheduling;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SandboxFailingTest {
  private static final String FILE_EXISTS =
      "plugin type=\"aws-cni\" name=\"aws-cni\" failed (add): failed to add host route: file exists";

  private static SandboxFailures failure(String node, SandboxFailure kind, String message) {
    return new SandboxFailures(
        Scene.zone(node), node, kind, 3, message, Scene.NOW.minus(Duration.ofMinutes(2)));
  }

  private static PendingPod waiting(String node, Duration age) {
    return new PendingPod(
        "shop", "web-" + node, Scene.zone(node), Scheduling.DONE, Scene.NOW.minus(age));
  }

  private static Scene failing(SandboxFailures... failures) {
    return Scene.healthy()
        .with(Resources.SANDBOX_FAILURES, List.of(failures))
        .with(
            Resources.PENDING_PODS,
            Stream.of(failures).map(f -> waiting(f.node(), Duration.ofMinutes(5))).toList());
  }

  @Test
  void quotesEachMessageOnce() {
    var found =
        failing(
                failure("n1", SandboxFailure.CNI, FILE_EXISTS),
                failure("n2", SandboxFailure.CNI, FILE_EXISTS),
                failure("n2", SandboxFailure.NETWORK_POLICY, "failed to setup network policy"))
            .findings();

    assertThat(found)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(SANDBOX_FAILING);
              assertThat(finding.scope()).isEqualTo("cluster");
              assertThat(finding.evidence())
                  .containsExactly(
                      "9 pod sandboxes failed on n1, n2",
                      "\"" + FILE_EXISTS + "\"",
                      "\"failed to setup network policy\"");
            });
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CNI", "NETWORK_POLICY"})
  void leavesOtherKindsToTheirRules(SandboxFailure kind) {
    assertThat(failing(failure("n1", kind, "")).causes()).doesNotContain(SANDBOX_FAILING);
  }

  @ParameterizedTest
  @CsvSource({"PT30S, false", "PT90S, true"})
  void waitsForTheNextTryOfTheKubelet(Duration age, boolean found) {
    var scene =
        failing(failure("n1", SandboxFailure.CNI, FILE_EXISTS))
            .with(Resources.PENDING_PODS, List.of(waiting("n1", age)));

    assertThat(scene.causes().contains(SANDBOX_FAILING)).isEqualTo(found);
  }

  @Test
  void needsAPodThatWaitsInTheZoneOfTheNode() {
    var scene = failing(failure("n1", SandboxFailure.CNI, FILE_EXISTS));

    assertThat(scene.with(Resources.PENDING_PODS, List.of()).findings()).isEmpty();
    assertThat(
            scene
                .with(Resources.PENDING_PODS, List.of(waiting("n2", Duration.ofMinutes(5))))
                .findings())
        .isEmpty();
    assertThat(scene.without(Resources.PENDING_PODS).findings())
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.confidence().label()).as("unknown").isEqualTo("medium"));
  }

  @Test
  void isAConsequenceOfACniThatIsNotInitialized() {
    var scene =
        failing(failure("n1", SandboxFailure.CNI, "failed to find plugin \"aws-cni\""))
            .with(
                Resources.NOT_READY_NODES,
                List.of(
                    new NotReadyNode(
                        "n1",
                        Scene.zone("n1"),
                        NotReadyReason.CNI_NOT_INITIALIZED,
                        "cni plugin not initialized",
                        Scene.LONG_AGO)));

    assertThat(scene.causes()).containsExactly(NODE_CNI_NOT_READY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plugin type=\"cilium-cni\" failed (add): x | read the logs of the agent of cilium-cni on n1",
        "failed to find plugin \"aws-cni\" in path | restart the pod of the CNI on n1",
        "failed to annotate pod with branch ENI details: x | let admission webhooks and RBAC",
        "an unknown error | read /var/log/aws-routed-eni/plugin.log",
      })
  void namesWhereToLookForWhatTheMessageNames(String message, String step) {
    var found = failing(failure("n1", SandboxFailure.CNI, message)).findings();

    assertThat(found)
        .singleElement()
        .satisfies(finding -> assertThat(finding.fix().get(0)).startsWith(step));
  }
}
