package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.CONTROLLER_DOWN;
import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_NOT_ASSOCIATED;
import static io.eksnet.model.diagnosis.RootCause.LB_RECONCILE_FAILING;
import static io.eksnet.model.diagnosis.RootCause.SECURITY_GROUP_BLOCKS_TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.UnschedulableReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControllerRulesTest {
  private static final String LBC = "aws-load-balancer-controller";

  @Test
  void reportsControllerThatIngressesWaitFor() {
    var scene = down(LBC, 2).each(Resources.INGRESSES, i -> without(i, Scene.LONG_AGO));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(CONTROLLER_DOWN);
              assertThat(f.scope()).isEqualTo("component/" + LBC);
              assertThat(f.evidence())
                  .containsExactly(
                      "0 of 2 pods of aws-load-balancer-controller are ready",
                      "it is in CrashLoopBackOff: \"exit code 1\"",
                      "waiting for it: Ingress shop/web");
              assertThat(f.holdFor()).isPositive();
            });
  }

  @Test
  void reportsControllerThatIsScaledToZero() {
    var scene = down(LBC, 0).each(Resources.INGRESSES, i -> without(i, Scene.LONG_AGO));

    assertThat(scene.findings().get(0).fix().get(0)).contains("--replicas=2");
  }

  @Test
  void ignoresControllerThatNothingWaitsFor() {
    assertThat(down(LBC, 2).findings()).isEmpty();
    assertThat(
            down(LBC, 2)
                .each(Resources.INGRESSES, i -> without(i, Scene.NOW.minusSeconds(20)))
                .findings())
        .isEmpty();
  }

  @Test
  void reportsKarpenterThatPodsWaitFor() {
    var pod =
        new PendingPod(
            "shop",
            "web-1",
            "",
            new Scheduling(false, UnschedulableReason.INSUFFICIENT_CPU, "1 Insufficient cpu"),
            Scene.LONG_AGO);

    assertThat(down("karpenter", 2).with(Resources.PENDING_PODS, List.of(pod)).causes())
        .containsExactly(CONTROLLER_DOWN);
  }

  @Test
  void prefersMissingCredentialsOfController() {
    var scene =
        Scene.healthy()
            .with(
                Resources.COMPONENTS,
                List.of(component(LBC, 2, CredentialSource.NONE, ReconcileCause.CREDENTIALS)))
            .each(Resources.INGRESSES, i -> without(i, Scene.LONG_AGO));

    assertThat(scene.causes()).containsExactly(CREDENTIALS_NOT_ASSOCIATED);
  }

  @ParameterizedTest
  @EnumSource(
      value = ReconcileCause.class,
      names = {"SG", "IAM", "THROTTLED", "ANNOTATION", "OTHER"})
  void reportsErrorsAboutTargetGroupBindings(ReconcileCause cause) {
    var scene =
        Scene.healthy().each(Resources.TARGET_GROUP_BINDINGS, one -> failing(one, cause, "text"));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(LB_RECONCILE_FAILING);
              assertThat(f.scope()).isEqualTo("targetgroupbinding/shop/k8s-shop-web");
              assertThat(f.evidence().get(0)).contains(cause.label(), "\"text\"");
              assertThat(f.holdFor()).isZero();
            });
  }

  /** One fault, one finding: the rule is missing because the controller could not add it. */
  @Test
  void explainsABlockedTargetPortWithTheErrorOfTheController() {
    var blocked =
        Scene.healthy()
            .targets(
                Scene.TARGET_IPS.stream()
                    .map(ip -> Scene.target(ip, "unhealthy", "Target.Timeout", "Request timed out"))
                    .toList())
            .with(
                Resources.SECURITY_PATHS,
                Scene.TARGET_IPS.stream()
                    .<SecurityPath>map(ip -> Scene.path(ip, Use.TRAFFIC, Verdict.BLOCKED))
                    .toList());
    var scene =
        blocked.each(
            Resources.TARGET_GROUP_BINDINGS, one -> failing(one, ReconcileCause.SG, "two groups"));
    var denied =
        blocked.each(
            Resources.TARGET_GROUP_BINDINGS, one -> failing(one, ReconcileCause.IAM, "denied"));

    assertThat(scene.causes()).containsExactly(SECURITY_GROUP_BLOCKS_TARGET);
    assertThat(scene.findings().get(0).evidence())
        .contains("the AWS Load Balancer Controller reports: \"two groups\"");
    assertThat(scene.findings().get(0).fix())
        .contains("tag exactly one security group of each node for the cluster");
    assertThat(denied.causes())
        .as("another class of errors")
        .containsExactly(SECURITY_GROUP_BLOCKS_TARGET, LB_RECONCILE_FAILING);
  }

  @Test
  void reportsOneFindingForOneClassOfErrors() {
    var binding =
        Scene.healthy().evidence().inventory().list(Resources.TARGET_GROUP_BINDINGS).get(0);
    var many =
        Stream.of("a", "b", "c", "d", "e")
            .map(name -> failing(named(binding, name), ReconcileCause.SG, "two groups"))
            .toList();
    var scene = Scene.healthy().with(Resources.TARGET_GROUP_BINDINGS, many);

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.scope()).isEqualTo("component/" + LBC);
              assertThat(f.evidence().get(1))
                  .isEqualTo(
                      "the same class of error for 5 TargetGroupBindings: shop/a, shop/b, shop/c"
                          + " and 2 more");
            });
  }

  @Test
  void waitsBeforeItReportsErrorsThatOtherCausesExplain() {
    var scene =
        Scene.healthy()
            .each(
                Resources.TARGET_GROUP_BINDINGS,
                one -> failing(one, ReconcileCause.DNS, "lookup: i/o timeout"));

    assertThat(scene.findings())
        .extracting(Finding::holdFor)
        .containsExactly(Duration.ofMinutes(3));
  }

  private static Scene down(String name, int desired) {
    return Scene.healthy()
        .with(
            Resources.COMPONENTS,
            List.of(component(name, desired, CredentialSource.IRSA, ReconcileCause.OTHER)));
  }

  private static Component component(
      String name, int desired, CredentialSource credentials, ReconcileCause cause) {
    return new Component(
        name,
        "kube-system",
        name,
        desired,
        0,
        desired > 0,
        cause,
        "exit code 1",
        Optional.of(""),
        Set.of(credentials));
  }

  private static KubeIngress without(KubeIngress ingress, Instant created) {
    return new KubeIngress(
        ingress.namespace(),
        ingress.name(),
        ingress.className(),
        ingress.group(),
        ingress.scheme(),
        ingress.rules(),
        ingress.tls(),
        List.of(),
        ingress.annotations(),
        Optional.empty(),
        created);
  }

  private static TargetGroupBinding failing(
      TargetGroupBinding one, ReconcileCause cause, String message) {
    return new TargetGroupBinding(
        one.namespace(),
        one.name(),
        one.service(),
        one.servicePort(),
        one.targetGroupArn(),
        Optional.of(new Reconcile(true, cause, "FailedReconcile", message, 9)));
  }

  private static TargetGroupBinding named(TargetGroupBinding one, String name) {
    return new TargetGroupBinding(
        one.namespace(),
        name,
        one.service(),
        one.servicePort(),
        one.targetGroupArn(),
        one.reconcile());
  }
}
