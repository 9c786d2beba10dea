package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.ReadinessGate;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadinessGatesTest {
  private static final String WAITING =
      """
      metadata: {namespace: shop, name: web-1, creationTimestamp: "2026-11-30T10:00:00Z"}
      spec:
        nodeName: n1
        readinessGates:
        - {conditionType: target-health.elbv2.k8s.aws/k8s-shop-web-1ff9343f87}
        - {conditionType: example.com/other}
      status:
        phase: Running
        conditions:
        - {type: ContainersReady, status: "True", lastTransitionTime: "2026-11-30T10:00:09Z"}
        - {type: target-health.elbv2.k8s.aws/k8s-shop-web-1ff9343f87, status: "False", reason: Elb.RegistrationInProgress, message: Target registration is in progress}
      """;

  private static List<ReadinessGate> gates(String yaml) {
    return PodSources.readinessGates(
        List.of(CachedPod.of(Yaml.read(Pod.class, yaml)).orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"target-health.elbv2.k8s.aws/", "target-health.eks.amazonaws.com/"})
  void keepsAGateThatIsNotTrue(String prefix) {
    assertThat(gates(WAITING.replace("target-health.elbv2.k8s.aws/", prefix)))
        .containsExactly(
            new ReadinessGate(
                "shop",
                "web-1",
                "k8s-shop-web-1ff9343f87",
                "Elb.RegistrationInProgress",
                "Target registration is in progress",
                Instant.parse("2026-11-30T10:00:09Z")));
  }

  @Test
  void keepsAGateWithoutACondition() {
    assertThat(gates(WAITING.substring(0, WAITING.lastIndexOf("  - {type: target-health"))))
        .singleElement()
        .satisfies(gate -> assertThat(gate.reason()).isEmpty());
  }

  @Test
  void dropsGatesOfPodsThatWaitForSomethingElse() {
    assertThat(
            gates(
                WAITING.replace(
                    "ContainersReady, status: \"True\"", "ContainersReady, status: \"False\"")))
        .isEmpty();
    assertThat(gates(WAITING.replace("status: \"False\"", "status: \"True\""))).isEmpty();
    assertThat(
            gates(
                WAITING.replace(
                    "name: web-1,", "name: web-1, deletionTimestamp: \"2026-11-30T10:01:00Z\",")))
        .isEmpty();
  }
}
