package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_NOT_ASSOCIATED;
import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_TRUST_POLICY;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_PRIVATE_DNS_BROKEN;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.IMDS_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.NO_EGRESS;
import static io.eksnet.model.diagnosis.RootCause.POD_IDENTITY_AGENT_DOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CredentialRulesTest {
  private static final String PANIC =
      "panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded";

  @Test
  void reportsEndpointWithPrivateDnsThatResolvesToPublicAddresses() {
    var scene = withEndpoint(true);

    assertThat(scene.causes()).containsExactly(ENDPOINT_PRIVATE_DNS_BROKEN);
    assertThat(withEndpoint(false).findings()).isEmpty();
  }

  @Test
  void distinguishesUnreachableEndpointFromMissingEgressByAddresses() {
    var cut = Scene.healthy().failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT);

    assertThat(privately(cut, true).causes()).containsExactly(ENDPOINT_UNREACHABLE);
    assertThat(privately(cut, false).causes()).containsExactly(NO_EGRESS);
  }

  @Test
  void namesOneNodeThatDoesNotReachSts() {
    for (var privately : List.of(true, false)) {
      var scene =
          privately(Scene.healthy(), privately)
              .failing("n2"::equals, Scene.a(StsKey.class), "timeout", Phase.CONNECT);

      assertThat(scene.findings())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.cause()).isEqualTo(privately ? ENDPOINT_UNREACHABLE : NO_EGRESS);
                assertThat(f.scope()).isEqualTo("node/n2");
                assertThat(f.confidence().label()).isNotEqualTo("high");
                assertThat(f.evidence())
                    .contains("STS answers on n1, n3, n4 and 2 more")
                    .noneMatch(line -> line.contains("conntrack"));
                assertThat(f.fix()).anyMatch(step -> step.contains("conntrack"));
              });
      assertThat(exhausted(scene, "n2").findings().get(0).evidence())
          .anyMatch(line -> line.startsWith("conntrack_allowance_exceeded increased"));
    }
  }

  @Test
  void namesZoneThatDoesNotReachSts() {
    var zone = List.of("n1", "n4");
    var scene =
        privately(Scene.healthy(), true)
            .failing(zone::contains, Scene.a(StsKey.class), "unreachable", Phase.CONNECT);

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.scope()).isEqualTo("zone/eu-west-1a");
              assertThat(f.fix().get(0)).contains("subnet in this zone");
            });
  }

  @Test
  void doesNotReportStsOfNodeThatIsCutOff() {
    var scene = Scene.healthy().failing("n3"::equals, key -> true, "timeout", Phase.CONNECT);

    assertThat(scene.causes()).doesNotContain(NO_EGRESS, ENDPOINT_UNREACHABLE);
  }

  /** Pods with Pod Identity do not call STS: a private cluster needs no way to it. */
  @Test
  void ignoresUnreachableStsWhereNothingNeedsIt() {
    var cut =
        privately(Scene.healthy(), false)
            .failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT)
            .with(
                Resources.COMPONENTS,
                List.of(
                    new Component(
                        "karpenter",
                        "karpenter",
                        "karpenter",
                        2,
                        2,
                        false,
                        ReconcileCause.OTHER,
                        "",
                        Optional.of(""),
                        Set.of(CredentialSource.POD_IDENTITY))))
            .with(
                Resources.POD_IDENTITY_ASSOCIATIONS,
                List.of(new PodIdentityAssociation("karpenter", "karpenter")));

    assertThat(cut.findings()).isEmpty();
  }

  private static Scene exhausted(Scene scene, String node) {
    return scene.host(
        node::equals,
        host ->
            new HostReport(
                host.nameserversOk(),
                host.podIdentityAgent(),
                host.ipamd(),
                host.pool(),
                Map.of("conntrack", 5_200L),
                host.privateEndpoints(),
                host.failingAddresses()));
  }

  @Test
  void findsNothingWithoutResolvedAddresses() {
    var cut =
        Scene.healthy()
            .failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT)
            .host(n -> true, host -> HostReport.NOTHING);

    assertThat(cut.findings()).isEmpty();
  }

  @Test
  void namesAssociationInWrongNamespace() {
    var scene =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(karpenter("no credentials", "")))
            .with(
                Resources.POD_IDENTITY_ASSOCIATIONS,
                List.of(new PodIdentityAssociation("kube-system", "karpenter")));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(CREDENTIALS_NOT_ASSOCIATED);
              assertThat(f.confidence().label()).isEqualTo("high");
              assertThat(f.evidence())
                  .contains("an association for karpenter exists in the namespace kube-system");
              assertThat(f.excluded()).containsExactly("not the network: 6 nodes reach STS");
            });
  }

  /** Credentials are injected when a pod is created: a role that came later needs a restart. */
  @Test
  void asksForRestartWhereRoleIsNewerThanPods() {
    var annotated =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(karpenter("no credentials", "arn:role")));
    var associated =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(karpenter("no credentials", "")))
            .with(
                Resources.POD_IDENTITY_ASSOCIATIONS,
                List.of(new PodIdentityAssociation("karpenter", "karpenter")));

    for (var scene : List.of(annotated, associated)) {
      assertThat(scene.findings())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.cause()).isEqualTo(CREDENTIALS_NOT_ASSOCIATED);
                assertThat(f.fix().get(0)).startsWith("restart its pods");
                assertThat(f.fix()).noneMatch(step -> step.contains("create a Pod Identity"));
              });
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CredentialSource.class,
      names = {"IRSA", "STATIC"})
  void doesNotCallCarriedCredentialsMissing(CredentialSource carried) {
    var messages =
        Scene.healthy()
            .with(
                Resources.COMPONENTS,
                List.of(component(ReconcileCause.CREDENTIALS, "ExpiredToken", carried)));
    var silent =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(component(ReconcileCause.OTHER, "", carried)));

    assertThat(messages.causes()).doesNotContain(CREDENTIALS_NOT_ASSOCIATED);
    assertThat(silent.causes()).doesNotContain(CREDENTIALS_NOT_ASSOCIATED);
  }

  @Test
  void reportsAssociationThatWasRemovedWhilePodsCarryPodIdentity() {
    var scene =
        Scene.healthy()
            .with(
                Resources.COMPONENTS,
                List.of(
                    component(
                        ReconcileCause.CREDENTIALS,
                        "(ResourceNotFoundException): Association not found",
                        CredentialSource.POD_IDENTITY)));

    assertThat(scene.causes()).containsExactly(CREDENTIALS_NOT_ASSOCIATED);
    assertThat(
            scene
                .with(
                    Resources.POD_IDENTITY_ASSOCIATIONS,
                    List.of(new PodIdentityAssociation("karpenter", "karpenter")))
                .causes())
        .isEmpty();
  }

  @Test
  void reportsTrustPolicyWhateverServiceAccountsSay() {
    for (var carried : List.of(CredentialSource.IRSA, CredentialSource.POD_IDENTITY)) {
      var scene =
          Scene.healthy()
              .with(
                  Resources.COMPONENTS,
                  List.of(
                      component(
                          ReconcileCause.CREDENTIALS_TRUST_POLICY,
                          "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
                          carried)));

      assertThat(scene.causes()).containsExactly(CREDENTIALS_TRUST_POLICY);
      assertThat(scene.findings().get(0).fix())
          .anyMatch(step -> step.contains("system:serviceaccount:karpenter:karpenter"));
    }
  }

  @Test
  void reportsTrustPolicyFromEventsOfIngresses() {
    var scene =
        Scene.healthy()
            .each(
                Resources.INGRESSES,
                ingress ->
                    Incidents.failing(
                        ingress,
                        ReconcileCause.CREDENTIALS_TRUST_POLICY,
                        "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"));

    assertThat(scene.causes()).containsExactly(CREDENTIALS_TRUST_POLICY);
    assertThat(Causality.causes(scene.findings()))
        .extracting(Finding::cause)
        .containsExactly(CREDENTIALS_TRUST_POLICY);
  }

  /** A role does not help a component that asks the instance metadata for its VPC. */
  @Test
  void reportsImdsOfComponentsWithRole() {
    var scene =
        Scene.healthy()
            .with(
                Resources.COMPONENTS,
                List.of(component(ReconcileCause.IMDS_UNREACHABLE, PANIC, CredentialSource.IRSA)));

    assertThat(scene.causes()).containsExactly(IMDS_UNREACHABLE);
    assertThat(scene.findings().get(0).fix().get(0)).contains("AWS_REGION");
  }

  /** Charts leave the termination message empty; then the crash loop alone is weak evidence. */
  @Test
  void reportsSilentCrashLoopWithoutAnyRoleAfterAWhile() {
    var silent = component(ReconcileCause.OTHER, "", CredentialSource.NONE);
    var scene = Scene.healthy().with(Resources.COMPONENTS, List.of(silent));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.cause()).isEqualTo(CREDENTIALS_NOT_ASSOCIATED);
              assertThat(f.confidence().label()).isEqualTo("medium");
              assertThat(f.holdFor()).isPositive();
            });
    assertThat(scene.without(Resources.POD_IDENTITY_ASSOCIATIONS).findings()).isEmpty();
  }

  /** aws-node uses the role of its node unless it is given another. */
  @Test
  void doesNotAskForRoleOfComponentsThatUseTheNodesRole() {
    var awsNode =
        new Component(
            "aws-node",
            "kube-system",
            "aws-node",
            6,
            0,
            true,
            ReconcileCause.OTHER,
            "",
            Optional.of(""),
            Set.of(CredentialSource.NONE));

    assertThat(Scene.healthy().with(Resources.COMPONENTS, List.of(awsNode)).causes())
        .doesNotContain(CREDENTIALS_NOT_ASSOCIATED);
  }

  private static Component component(
      ReconcileCause cause, String message, CredentialSource carried) {
    return new Component(
        "karpenter",
        "karpenter",
        "karpenter",
        2,
        0,
        true,
        cause,
        message,
        Optional.of(""),
        Set.of(carried));
  }

  @Test
  void findsNothingWithoutRolesOrAssociationsRead() {
    var scene =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(karpenter("no credentials", "")))
            .without(Resources.POD_IDENTITY_ASSOCIATIONS);

    assertThat(scene.findings()).isEmpty();
  }

  /**
   * A container writes its error to its log only, unless terminationMessagePolicy is
   * FallbackToLogsOnError.
   */
  @Test
  void infersMissingRoleOfCrashLoopFromAssociationInOtherNamespace() {
    var silent =
        new Component(
            "karpenter",
            "karpenter",
            "karpenter",
            2,
            0,
            true,
            ReconcileCause.OTHER,
            "CrashLoopBackOff; last ended: Error, exit code 2",
            Optional.of(""),
            Set.of(CredentialSource.NONE));
    var scene = Scene.healthy().with(Resources.COMPONENTS, List.of(silent));
    var elsewhere = List.of(new PodIdentityAssociation("kube-system", "karpenter"));

    assertThat(scene.findings().get(0).confidence().percent()).isEqualTo(75);
    assertThat(scene.with(Resources.POD_IDENTITY_ASSOCIATIONS, elsewhere).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.confidence().percent()).isEqualTo(85));
  }

  @Test
  void mergesImdsTimeoutAndMissingRoleOfOneComponent() {
    var scene = Scene.healthy().with(Resources.COMPONENTS, List.of(karpenter(PANIC, "")));

    assertThat(scene.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.scope()).isEqualTo("component/karpenter"));
  }

  @Test
  void reportsImdsTimeoutWithoutRolesRead() {
    var unknown =
        new Component(
            "karpenter",
            "karpenter",
            "karpenter",
            2,
            0,
            true,
            ReconcileCause.IMDS_UNREACHABLE,
            PANIC,
            Optional.empty(),
            Set.of(CredentialSource.NONE));
    var scene =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(unknown))
            .without(Resources.POD_IDENTITY_ASSOCIATIONS);

    assertThat(scene.causes()).containsExactly(CREDENTIALS_NOT_ASSOCIATED);
  }

  @Test
  void reportsPodIdentityAgentDownOnlyWithAssociations() {
    var down =
        Scene.healthy()
            .host(
                "n2"::equals,
                host ->
                    new HostReport(
                        host.nameserversOk(),
                        Optional.of(false),
                        host.ipamd(),
                        host.pool(),
                        host.allowances(),
                        host.privateEndpoints(),
                        host.failingAddresses()));
    var used =
        down.with(
            Resources.POD_IDENTITY_ASSOCIATIONS,
            List.of(new PodIdentityAssociation("shop", "web")));

    assertThat(down.findings()).isEmpty();
    assertThat(used.causes()).containsExactly(POD_IDENTITY_AGENT_DOWN);
    assertThat(used.findings().get(0).scope()).isEqualTo("node/n2");
  }

  private static Scene withEndpoint(boolean privateDns) {
    return Scene.healthy()
        .with(
            Resources.VPC_ENDPOINTS,
            List.of(new VpcEndpoint("vpce-1", "sts", "available", privateDns, List.of())));
  }

  private static Scene privately(Scene scene, boolean privately) {
    return scene.host(
        n -> true,
        host ->
            new HostReport(
                host.nameserversOk(),
                host.podIdentityAgent(),
                host.ipamd(),
                host.pool(),
                host.allowances(),
                Map.of("sts", privately),
                Map.of()));
  }

  private static Component karpenter(String message, String role) {
    return new Component(
        "karpenter",
        "karpenter",
        "karpenter",
        2,
        0,
        true,
        ReconcileCause.CREDENTIALS,
        message,
        Optional.of(role),
        Set.of(CredentialSource.NONE));
  }
}
