package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_NOT_ASSOCIATED;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_CLASS_MISSING;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_DNS_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_RECONCILE_FAILING;
import static io.eksnet.model.diagnosis.RootCause.LB_PROVISIONING;
import static io.eksnet.model.diagnosis.RootCause.LB_SUBNETS_NOT_DISCOVERABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IngressRulesTest {
  private static final String TEXT =
      "couldn't auto-discover subnets: unable to resolve at least one subnet";

  @Test
  void namesUntaggedSubnetsWithReason() {
    var scene =
        reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT)
            .with(
                Resources.LB_SUBNETS,
                List.of(
                    rejected("subnet-a", "eu-west-1a", IneligibleReason.NO_ROLE_TAG),
                    rejected("subnet-b", "eu-west-1b", IneligibleReason.TAG_VALUE)));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(LB_SUBNETS_NOT_DISCOVERABLE);
              assertThat(f.scope()).isEqualTo("ingress/shop/web");
              assertThat(f.confidence().percent()).isEqualTo(95);
              assertThat(f.evidence().get(1))
                  .isEqualTo(
                      "subnets in 0 zones are eligible (internet-facing); rejected: subnet-a"
                          + " no_role_tag, subnet-b tag_value");
              assertThat(f.fix().get(0)).contains("kubernetes.io/role/elb, value 1 or empty");
            });
  }

  /** An annotation may name too few subnets; the controller reports that in its event. */
  @Test
  void reportsReconcileErrorWhereSubnetsAreEligible() {
    assertThat(reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT).findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(INGRESS_RECONCILE_FAILING);
              assertThat(f.evidence().get(0)).contains(TEXT);
              assertThat(f.holdFor()).as("until the controller tried again").hasMinutes(3);
            });
  }

  @Test
  void lowersConfidenceWithoutSubnetsRead() {
    var scene = reconcile(ReconcileCause.SUBNET_DISCOVERY, TEXT).without(Resources.LB_SUBNETS);

    assertThat(scene.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.confidence().label()).isEqualTo("medium"));
  }

  @Test
  void reportsMissingIngressClass() {
    assertThat(orphan("albb", Scene.LONG_AGO).causes()).containsExactly(INGRESS_CLASS_MISSING);
    assertThat(orphan("", Scene.LONG_AGO).causes()).containsExactly(INGRESS_CLASS_MISSING);
    assertThat(orphan("alb", Scene.LONG_AGO).findings()).isEmpty();
    assertThat(orphan("albb", Scene.NOW.minusSeconds(20)).findings()).isEmpty();
    assertThat(orphan("albb", Scene.LONG_AGO).without(Resources.INGRESS_CLASSES).findings())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ReconcileCause.class,
      names = {"DNS"},
      mode = EnumSource.Mode.EXCLUDE)
  void reportsEachReconcileCause(ReconcileCause cause) {
    assertThat(reconcile(cause, "a message").causes()).containsExactly(INGRESS_RECONCILE_FAILING);
  }

  @Test
  void doesNotReportReconcileErrorsThatOtherCausesExplain() {
    var withoutRole =
        new Component(
            "aws-load-balancer-controller",
            "kube-system",
            "lbc",
            2,
            2,
            false,
            ReconcileCause.OTHER,
            "",
            false,
            Optional.of(""));

    assertThat(reconcile(ReconcileCause.DNS, "a message").findings()).isEmpty();
    assertThat(
            reconcile(ReconcileCause.CREDENTIALS, "no EC2 IMDS role found")
                .with(Resources.COMPONENTS, List.of(withoutRole))
                .findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(CREDENTIALS_NOT_ASSOCIATED);
              assertThat(f.evidence().get(0)).contains("no EC2 IMDS role found");
            });
  }

  @Test
  void reportsProvisioningAfterTenMinutes() {
    assertThat(provisioning(Duration.ofMinutes(9)).findings()).isEmpty();
    assertThat(provisioning(Duration.ofMinutes(11)).causes()).containsExactly(LB_PROVISIONING);
  }

  @Test
  void countsProvisioningTimeOnlyUntilLastRead() {
    var before = provisioning(Duration.ofMinutes(9)).evidence();
    var later = new Evidence(before.now().plusSeconds(120), before.inventory(), before.agents());

    assertThat(new Scene(later).causes()).doesNotContain(LB_PROVISIONING);
  }

  @Test
  void reportsHostThatDoesNotResolveToItsLoadBalancer() {
    var elsewhere = new IngressHost("shop", "web", "shop.example.com", List.of("192.0.2.1"), false);
    var right = new IngressHost("shop", "web", "shop.example.com", List.of("10.0.0.1"), true);

    var scene = Scene.healthy().with(Resources.INGRESS_HOSTS, List.of(elsewhere));
    assertThat(scene.causes()).containsExactly(INGRESS_DNS_MISMATCH);
    assertThat(scene.findings().get(0).fix()).last(STRING).contains("eksnet.io/dns: elsewhere");
    assertThat(scene.findings().get(0).holdFor())
        .as("three looks, of one each minute")
        .isGreaterThan(Duration.ofMinutes(2));
    assertThat(Scene.healthy().with(Resources.INGRESS_HOSTS, List.of(right)).findings()).isEmpty();
  }

  private static Scene reconcile(ReconcileCause cause, String message) {
    var last = new Reconcile(true, cause, "FailedBuildModel", message, Scene.NOW, 3);
    return Scene.healthy()
        .with(
            Resources.INGRESSES,
            List.of(ingress("alb", List.of(), Optional.of(last), Scene.LONG_AGO)));
  }

  private static Scene orphan(String className, Instant created) {
    return Scene.healthy()
        .with(
            Resources.INGRESSES, List.of(ingress(className, List.of(), Optional.empty(), created)));
  }

  private static Scene provisioning(Duration age) {
    var lb = Scene.loadBalancer("provisioning");
    return Scene.healthy()
        .with(
            Resources.LOAD_BALANCERS,
            List.of(
                new LoadBalancer(
                    lb.arn(),
                    lb.name(),
                    lb.dnsName(),
                    lb.type(),
                    lb.scheme(),
                    lb.state(),
                    lb.stateReason(),
                    lb.vpcId(),
                    lb.subnets(),
                    lb.securityGroups(),
                    lb.listeners(),
                    Scene.NOW.minus(age))));
  }

  private static Eligibility rejected(String subnet, String zone, IneligibleReason why) {
    return new Eligibility(Scheme.INTERNET_FACING, subnet, zone, why);
  }

  private static KubeIngress ingress(
      String className, List<String> addresses, Optional<Reconcile> reconcile, Instant created) {
    var usual = Scene.ingress();
    return new KubeIngress(
        usual.namespace(),
        usual.name(),
        className,
        usual.group(),
        usual.scheme(),
        usual.rules(),
        usual.tls(),
        addresses,
        usual.annotations(),
        reconcile,
        created);
  }
}
