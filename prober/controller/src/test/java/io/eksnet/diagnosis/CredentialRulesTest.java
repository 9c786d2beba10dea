package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_NOT_ASSOCIATED;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_PRIVATE_DNS_BROKEN;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.NO_EGRESS;
import static io.eksnet.model.diagnosis.RootCause.POD_IDENTITY_AGENT_DOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
                List.of(new PodIdentityAssociation("kube-system", "karpenter", "a-1")));

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

  @Test
  void findsNothingWithRoleOrAssociation() {
    var annotated =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(karpenter("no credentials", "arn:role")));
    var associated =
        Scene.healthy()
            .with(Resources.COMPONENTS, List.of(karpenter("no credentials", "")))
            .with(
                Resources.POD_IDENTITY_ASSOCIATIONS,
                List.of(new PodIdentityAssociation("karpenter", "karpenter", "a-1")));

    assertThat(annotated.findings()).isEmpty();
    assertThat(associated.findings()).isEmpty();
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
            false,
            Optional.of(""));
    var scene = Scene.healthy().with(Resources.COMPONENTS, List.of(silent));
    var elsewhere = List.of(new PodIdentityAssociation("kube-system", "karpenter", "a-1"));

    assertThat(scene.findings()).isEmpty();
    assertThat(scene.with(Resources.POD_IDENTITY_ASSOCIATIONS, elsewhere).causes())
        .containsExactly(CREDENTIALS_NOT_ASSOCIATED);
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
            ReconcileCause.CREDENTIALS,
            PANIC,
            false,
            Optional.empty());
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
                        host.privateEndpoints()));
    var used =
        down.with(
            Resources.POD_IDENTITY_ASSOCIATIONS,
            List.of(new PodIdentityAssociation("shop", "web", "a-1")));

    assertThat(down.findings()).isEmpty();
    assertThat(used.causes()).containsExactly(POD_IDENTITY_AGENT_DOWN);
    assertThat(used.findings().get(0).scope()).isEqualTo("node/n2");
  }

  private static Scene withEndpoint(boolean privateDns) {
    return Scene.healthy()
        .with(
            Resources.VPC_ENDPOINTS,
            List.of(new VpcEndpoint("vpce-1", "sts", "Interface", "available", privateDns)));
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
                Map.of("sts", privately)));
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
        false,
        Optional.of(role));
  }
}
