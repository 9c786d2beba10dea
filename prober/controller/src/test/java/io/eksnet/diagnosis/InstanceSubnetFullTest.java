package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.SUBNET_EXHAUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceSubnetFullTest {
  private static final String REASON = "InsufficientFreeAddressesInSubnet";
  private static final String NO_NAME =
      "There are not enough free IP addresses to launch an instance in this subnet";

  private static NodeClaim claim(String name, String condition, String message) {
    return new NodeClaim(
        name,
        "default",
        "standard",
        "",
        new Condition(condition, "Unknown", REASON, message),
        ReconcileCause.SUBNET_EXHAUSTED,
        Scene.NOW,
        false);
  }

  private static Scene scene(int a, int b, int c, NodeClaim... claims) {
    return Scene.healthy()
        .with(
            Resources.SUBNETS,
            List.of(
                Scene.subnet("subnet-a", 0, a),
                Scene.subnet("subnet-b", 1, b),
                Scene.subnet("subnet-c", 2, c)))
        .with(
            Resources.NODE_CLASSES,
            List.of(
                new NodeClass(
                    "karpenter.k8s.aws",
                    "standard",
                    List.of(),
                    List.of(),
                    List.of("subnet-a", "subnet-b"))))
        .with(Resources.NODE_CLAIMS, List.of(claims));
  }

  private static List<String> scopes(Scene scene) {
    return scene.findings().stream()
        .filter(finding -> finding.cause() == SUBNET_EXHAUSTED)
        .map(Finding::scope)
        .toList();
  }

  @ParameterizedTest(name = "{0}, {1}, {2} free: {3}")
  @CsvSource({
    "1, 200, 200, subnet/subnet-a",
    "1, 2, 200, subnet/subnet-a subnet/subnet-b",
    "100, 200, 1, subnet/subnet-a"
  })
  void namesTheLowSubnetsOfTheNodeClassOrTheFullestOne(int a, int b, int c, String expected) {
    assertThat(scopes(scene(a, b, c, claim("x", "Launched", NO_NAME))))
        .containsExactly(expected.split(" "));
  }

  @Test
  void namesTheSubnetOfTheMessage() {
    var message =
        "creating instance, with fleet error(s), InsufficientFreeAddressesInSubnet: There are not"
            + " enough free addresses in subnet 'subnet-c' to satisfy the requested number of"
            + " instances.";

    assertThat(scopes(scene(1, 200, 200, claim("x", "Launched", message))))
        .containsExactly("subnet/subnet-c");
  }

  @Test
  void isOneFindingForAllClaimsOfASubnet() {
    var findings =
        scene(1, 200, 200, claim("x", "Launched", NO_NAME), claim("y", "Launched", NO_NAME))
            .findings()
            .stream()
            .filter(finding -> finding.cause() == SUBNET_EXHAUSTED)
            .toList();

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).evidence())
        .startsWith(
            "EC2 does not launch nodeclaim/x, nodeclaim/y: \"" + REASON + ": " + NO_NAME + "\"",
            "1 of 251 addresses are free in subnet-a (eu-west-1a)");
    assertThat(findings.get(0).fix().get(0)).contains("node class standard");
  }

  @Test
  void isSilentOnceTheInstanceRuns() {
    assertThat(scopes(scene(1, 2, 3, claim("x", "Registered", "")))).isEmpty();
  }
}
