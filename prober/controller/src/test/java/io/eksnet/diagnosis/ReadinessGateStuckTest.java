package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.CONTROLLER_DOWN;
import static io.eksnet.model.diagnosis.RootCause.READINESS_GATE_STUCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.ReadinessGate;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessGateStuckTest {
  private static final String REGISTERING = "Elb.RegistrationInProgress";

  private static ReadinessGate gate(String pod, String binding, String reason, Duration age) {
    return new ReadinessGate(
        "shop", pod, binding, reason, "the text of the condition", Scene.NOW.minus(age));
  }

  private static Scene with(ReadinessGate... gates) {
    return Scene.healthy().with(Resources.READINESS_GATES, List.of(gates));
  }

  @Test
  void isOneFindingForAllPodsOfATargetGroup() {
    var hour = Duration.ofHours(1);
    var found =
        with(
                gate("web-1", "k8s-shop-web", REGISTERING, hour),
                gate("web-2", "k8s-shop-web", REGISTERING, hour))
            .findings();

    assertThat(found)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(READINESS_GATE_STUCK);
              assertThat(finding.scope()).isEqualTo("target_group/" + Scene.targetGroup().name());
              assertThat(finding.confidence().label()).isEqualTo("high");
              assertThat(finding.evidence())
                  .contains(
                      "the containers of 2 pods are ready, and the readiness gate of"
                          + " shop/k8s-shop-web is not: shop/web-1, shop/web-2",
                      "Elb.RegistrationInProgress: \"the text of the condition\"");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "Elb.RegistrationInProgress, PT4M, false",
    "Elb.RegistrationInProgress, PT1H, true",
    "Target.NotInUse, PT1H, true",
    "Elb.InternalError, PT1H, true",
    "'', PT1H, true",
    "Elb.InitialHealthChecking, PT1H, false",
    "Target.Timeout, PT1H, false",
    "Target.FailedHealthChecks, PT1H, false",
    "Target.ResponseCodeMismatch, PT1H, false",
    "Target.DeregistrationInProgress, PT1H, false",
  })
  void leavesTargetsThatAreCheckedToOtherRules(String reason, Duration age, boolean found) {
    assertThat(
            with(gate("web-1", "k8s-shop-web", reason, age))
                .causes()
                .contains(READINESS_GATE_STUCK))
        .isEqualTo(found);
  }

  @Test
  void namesABindingThatIsGoneOnlyIfThatIsKnown() {
    var scene = with(gate("web-1", "k8s-shop-old", "Target.NotInUse", Duration.ofHours(1)));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.scope()).isEqualTo("targetgroupbinding/shop/k8s-shop-old");
              assertThat(finding.fix().get(0)).startsWith("delete the pods");
            });
    assertThat(scene.without(Resources.TARGET_GROUP_BINDINGS).findings())
        .filteredOn(finding -> finding.cause() == READINESS_GATE_STUCK)
        .singleElement()
        .satisfies(finding -> assertThat(finding.fix().get(0)).startsWith("let a rule"));
  }

  @Test
  void isAConsequenceOfAControllerThatIsDown() {
    var scene =
        with(gate("web-1", "k8s-shop-web", REGISTERING, Duration.ofHours(1)))
            .each(
                Resources.COMPONENTS,
                it -> it.name().equals("aws-load-balancer-controller") ? down(it) : it);

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(CONTROLLER_DOWN);
              assertThat(finding.evidence()).contains("waiting for it: pod shop/web-1");
            });
  }

  private static Component down(Component it) {
    return new Component(
        it.name(),
        it.namespace(),
        it.serviceAccount(),
        it.desired(),
        0,
        it.crashLoop(),
        it.cause(),
        it.message(),
        it.role(),
        it.credentials());
  }
}
