package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SubnetRole.AUTO_MODE;
import static io.eksnet.model.inventory.SubnetRole.CONTROL_PLANE;
import static io.eksnet.model.inventory.SubnetRole.ELB_INTERNAL;
import static io.eksnet.model.inventory.SubnetRole.ELB_PUBLIC;
import static io.eksnet.model.inventory.SubnetRole.KARPENTER;
import static io.eksnet.model.inventory.SubnetRole.POD_CNI_TAG;
import static io.eksnet.model.inventory.SubnetRole.POD_ENICONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetRolesTest {
  private static final String CNI = "kubernetes.io/role/cni";

  @Test
  void aTagOfTheClusterAloneGivesNoRole() {
    var tagged = subnet("subnet-x", Map.of("kubernetes.io/cluster/blue", "shared"));
    assertThat(roles(Inventory.EMPTY, tagged)).isEmpty();
  }

  @Test
  void controlPlaneReportsItsAddress() {
    assertThat(roles(Inventory.EMPTY, subnet("subnet-a", Map.of())))
        .isEqualTo(Map.of("subnet-a", Set.of(CONTROL_PLANE)));
  }

  @ParameterizedTest
  @CsvSource({
    "1, '', true",
    "'', '', true",
    "0, '', false",
    "1, cni.networking.k8s.aws/cluster/blue, true",
    "1, cni.networking.k8s.aws/cluster/green, false"
  })
  void theCniTagCountsUnlessItIsZeroOrForOthers(String value, String other, boolean used) {
    var tags = other.isEmpty() ? Map.of(CNI, value) : Map.of(CNI, value, other, "shared");
    var known = Blue.with(Inventory.EMPTY, Resources.CNI_SETTINGS, cni(false, true));
    assertThat(roles(known, subnet("subnet-x", tags)))
        .isEqualTo(used ? Map.of("subnet-x", Set.of(POD_CNI_TAG)) : Map.of());
  }

  @Test
  void withoutDiscoveryTheCniTagMeansNothing() {
    var known = Blue.with(Inventory.EMPTY, Resources.CNI_SETTINGS, cni(false, false));
    assertThat(roles(known, subnet("subnet-x", Map.of(CNI, "1")))).isEmpty();
    assertThat(roles(Inventory.EMPTY, subnet("subnet-x", Map.of(CNI, "1")))).isEmpty();
  }

  @Test
  void eniConfigsCountWithCustomNetworkingOnly() {
    var configs = List.of(new EniConfig("eu-west-1a", "subnet-x"));
    var known = Blue.with(Inventory.EMPTY, Resources.ENI_CONFIGS, configs);
    var x = subnet("subnet-x", Map.of());
    assertThat(roles(Blue.with(known, Resources.CNI_SETTINGS, cni(true, false)), x))
        .isEqualTo(Map.of("subnet-x", Set.of(POD_ENICONFIG)));
    assertThat(roles(Blue.with(known, Resources.CNI_SETTINGS, cni(false, false)), x)).isEmpty();
  }

  @Test
  void separatesNodeClassesOfKarpenterAndAutoMode() {
    var classes =
        List.of(
            nodeClass("karpenter.k8s.aws", "subnet-k"), nodeClass("eks.amazonaws.com", "subnet-m"));
    assertThat(
            roles(
                Blue.with(Inventory.EMPTY, Resources.NODE_CLASSES, classes),
                subnet("subnet-k", Map.of()),
                subnet("subnet-m", Map.of())))
        .isEqualTo(Map.of("subnet-k", Set.of(KARPENTER), "subnet-m", Set.of(AUTO_MODE)));
  }

  @Test
  void loadBalancersMayUseWhatIsTaggedForThemAndNotForOthers() {
    assertThat(
            roles(
                Inventory.EMPTY,
                subnet(
                    "subnet-x",
                    Map.of("kubernetes.io/role/elb", "1", "kubernetes.io/role/internal-elb", "")),
                subnet(
                    "subnet-y",
                    Map.of("kubernetes.io/role/elb", "1", "kubernetes.io/cluster/green", "owned")),
                subnet("subnet-z", Map.of("kubernetes.io/role/elb", "true"))))
        .isEqualTo(Map.of("subnet-x", Set.of(ELB_PUBLIC, ELB_INTERNAL)));
  }

  @Test
  void loadBalancersMayUseWhatTheirControllerWouldFindByRoutes() {
    var found =
        List.of(
            new Eligibility(Scheme.INTERNAL, "subnet-x", "eu-west-1a", IneligibleReason.FEW_IPS),
            new Eligibility(
                Scheme.INTERNET_FACING, "subnet-x", "eu-west-1a", IneligibleReason.NO_ROLE_TAG),
            new Eligibility(
                Scheme.INTERNET_FACING, "subnet-y", "eu-west-1b", IneligibleReason.NONE));
    assertThat(
            roles(
                Blue.with(Inventory.EMPTY, Resources.LB_SUBNETS, found),
                subnet("subnet-x", Map.of()),
                subnet("subnet-y", Map.of())))
        .isEqualTo(Map.of("subnet-x", Set.of(ELB_INTERNAL), "subnet-y", Set.of(ELB_PUBLIC)));
  }

  private static Map<String, Set<SubnetRole>> roles(Inventory known, Subnet... subnets) {
    var roles = SubnetRoles.of(Blue.eksCluster(), Map.of(), List.of(subnets), known);
    var ids = Stream.of(subnets).map(Subnet::id).collect(Collectors.toSet());
    roles.keySet().retainAll(ids);
    return roles;
  }

  private static Subnet subnet(String id, Map<String, String> tags) {
    return new Subnet(id, "eu-west-1a", "10.0.0.0/24", 9, Set.of(), tags, List.of());
  }

  private static CniSettings cni(boolean custom, boolean discovery) {
    return new CniSettings(false, custom, discovery, false, false);
  }

  private static NodeClass nodeClass(String api, String subnetId) {
    return new NodeClass(api, "default", List.of(), List.of(), List.of(subnetId));
  }
}
