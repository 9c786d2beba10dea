package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.ReconcileCause;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeClaimParserTest {
  private static final String UNREGISTERED =
      """
      apiVersion: karpenter.sh/v1
      kind: NodeClaim
      metadata:
        name: default-x7k2p
        creationTimestamp: "2026-11-30T10:00:00Z"
        labels: {karpenter.sh/nodepool: default, node.kubernetes.io/instance-type: m7g.large}
      spec: {nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: standard}}
      status:
        providerID: aws:///eu-west-1a/i-0593f835ff381a22a
        conditions:
        - {type: Launched, status: "True", reason: Launched, lastTransitionTime: "2026-11-30T10:00:05Z"}
        - {type: Registered, status: Unknown, reason: NodeNotFound, message: Node not registered with cluster}
      """;

  private static Optional<NodeClaim> parse(String yaml) {
    return NodeClaimParser.parse(Yaml.read(GenericKubernetesResource.class, yaml));
  }

  @Test
  void keepsAClaimWithoutANode() {
    assertThat(parse(UNREGISTERED))
        .contains(
            new NodeClaim(
                "default-x7k2p",
                "default",
                "standard",
                "i-0593f835ff381a22a",
                new Condition(
                    "Registered", "Unknown", "NodeNotFound", "Node not registered with cluster"),
                ReconcileCause.OTHER,
                Instant.parse("2026-11-30T10:00:05Z"),
                false));
  }

  @Test
  void keepsAClaimThatIsNotLaunchedSinceItsCreation() {
    var failed =
        UNREGISTERED.replace(
            "{type: Launched, status: \"True\", reason: Launched,",
            "{type: Launched, status: Unknown, reason: VCPULimitExceeded, message: too many,");

    assertThat(parse(failed))
        .hasValueSatisfying(
            claim -> {
              assertThat(claim.isLaunched()).isFalse();
              assertThat(claim.cause()).isEqualTo(ReconcileCause.QUOTA_EXCEEDED);
              assertThat(claim.since()).isEqualTo(Instant.parse("2026-11-30T10:00:00Z"));
              assertThat(claim.pending().message()).isEqualTo("too many");
            });
  }

  @Test
  void keepsAClaimWithoutConditions() {
    var created = UNREGISTERED.substring(0, UNREGISTERED.indexOf("status:"));

    assertThat(parse(created))
        .hasValueSatisfying(
            claim -> {
              assertThat(claim.isLaunched()).isFalse();
              assertThat(claim.cause()).isEqualTo(ReconcileCause.OTHER);
            });
  }

  @Test
  void dropsRegisteredAndDeletedClaims() {
    assertThat(parse(UNREGISTERED.replace("status: Unknown", "status: \"True\""))).isEmpty();
    assertThat(
            parse(
                UNREGISTERED.replace(
                    "  name:", "  deletionTimestamp: \"2026-11-30T10:15:00Z\"\n  name:")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"m7g.large, false", "m7g.metal, true", "c6i.metal-24xl, true"})
  void knowsInstancesThatStartSlowly(String type, boolean slow) {
    assertThat(parse(UNREGISTERED.replace("m7g.large", type)))
        .hasValueSatisfying(claim -> assertThat(claim.startsSlowly()).isEqualTo(slow));
    assertThat(parse(UNREGISTERED.replace("labels: {", "labels: {kubernetes.io/os: windows, ")))
        .hasValueSatisfying(claim -> assertThat(claim.startsSlowly()).isTrue());
  }
}
