package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.ADDON_UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddonRulesTest {
  @ParameterizedTest
  @CsvSource({
    "vpc-cni, DEGRADED, ConfigurationConflict, resolve-conflicts",
    "coredns, DEGRADED, AdmissionRequestDenied, admission webhook",
    "kube-proxy, UPDATE_FAILED, UnsupportedAddonModification, undo the change",
    "vpc-cni, DEGRADED, AccessDenied, eks:addon-manager",
    "aws-ebs-csi-driver, DEGRADED, AddonPermissionFailure, IAM role",
    "coredns, ACTIVE, K8sResourceNotFound, OVERWRITE",
    "coredns, DEGRADED, ACodeOfTomorrow, AWS Support"
  })
  void reportsWhatEksReports(String name, String status, String code, String remedy) {
    assertThat(withAddon(name, status, code).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ADDON_UNHEALTHY);
              assertThat(finding.scope()).isEqualTo("addon/" + name);
              assertThat(finding.evidence()).contains(code + ": \"why\"");
              assertThat(finding.fix().get(0)).contains(remedy);
            });
  }

  @ParameterizedTest
  @CsvSource({"vpc-cni, CREATE_FAILED", "coredns, DEGRADED", "kube-proxy, UPDATE_FAILED"})
  void reportsFailedAddonsOfTheNetworkWithoutAnIssue(String name, String status) {
    assertThat(withAddon(name, status).causes()).containsExactly(ADDON_UNHEALTHY);
  }

  @ParameterizedTest
  @CsvSource({"vpc-cni, UPDATING", "coredns, CREATING", "kube-proxy, ACTIVE", "adot, DEGRADED"})
  void ignoresAddonsThatAreHealthyOrBeingChanged(String name, String status) {
    assertThat(withAddon(name, status).findings()).isEmpty();
  }

  @Test
  void ignoresIssuesOfAnAddonThatIsBeingUpdated() {
    assertThat(withAddon("coredns", "UPDATING", "InsufficientNumberOfReplicas").findings())
        .isEmpty();
  }

  @Test
  void leavesPodsThatAreNotReadyToTheRuleThatKnowsWhy() {
    var without = Incidents.COREDNS_CRASHES.alone();
    var degraded =
        without.with(
            Resources.ADDONS,
            List.of(addon("coredns", "DEGRADED", "InsufficientNumberOfReplicas")));

    assertThat(without.causes()).isNotEmpty();
    assertThat(degraded.causes()).isEqualTo(without.causes());
    assertThat(withAddon("coredns", "DEGRADED", "InsufficientNumberOfReplicas").causes())
        .containsExactly(ADDON_UNHEALTHY);
  }

  @Test
  void leavesNodesWithoutTheVpcCniToTheirRule() {
    var degraded =
        withAddon("vpc-cni", "DEGRADED", "InsufficientNumberOfReplicas")
            .with(
                Resources.NOT_READY_NODES,
                List.of(
                    new NotReadyNode(
                        "n2",
                        Scene.zone("n2"),
                        NotReadyReason.CNI_NOT_INITIALIZED,
                        "cni plugin not initialized",
                        Scene.LONG_AGO)));

    assertThat(degraded.causes()).containsExactly(RootCause.NODE_CNI_NOT_READY);
  }

  @Test
  void reportsIssuesOfTheCluster() {
    var scene = Scene.healthy();
    var cluster = scene.evidence().inventory().get(Resources.CLUSTER).orElseThrow();
    var sick =
        scene.with(
            Resources.CLUSTER,
            new EksCluster(
                cluster.name(),
                cluster.region(),
                cluster.apiServer(),
                cluster.version(),
                cluster.vpcId(),
                cluster.subnetIds(),
                cluster.autoMode(),
                cluster.supportType(),
                cluster.standardSupportEnd(),
                List.of(
                    new Issue("Ec2SecurityGroupNotFound", Optional.of("sg-1 is gone")),
                    new Issue("KmsKeyDisabled", Optional.empty()))));

    assertThat(sick.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ADDON_UNHEALTHY);
              assertThat(finding.scope()).isEqualTo("cluster");
              assertThat(finding.evidence())
                  .contains("Ec2SecurityGroupNotFound: \"sg-1 is gone\"", "KmsKeyDisabled");
            });
  }

  private static Scene withAddon(String name, String status, String... codes) {
    return Scene.healthy().with(Resources.ADDONS, List.of(addon(name, status, codes)));
  }

  private static Addon addon(String name, String status, String... codes) {
    return new Addon(
        name,
        Optional.of(status),
        Optional.empty(),
        Stream.of(codes).map(code -> new Issue(code, Optional.of("why"))).toList());
  }
}
