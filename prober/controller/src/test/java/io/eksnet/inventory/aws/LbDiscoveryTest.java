package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.IneligibleReason.FEW_IPS;
import static io.eksnet.model.inventory.IneligibleReason.NONE;
import static io.eksnet.model.inventory.IneligibleReason.NO_ROLE_TAG;
import static io.eksnet.model.inventory.IneligibleReason.OTHER_CLUSTER_TAG;
import static io.eksnet.model.inventory.IneligibleReason.TAG_VALUE;
import static io.eksnet.model.inventory.IneligibleReason.ZONE_TAKEN;
import static io.eksnet.model.inventory.Scheme.INTERNAL;
import static io.eksnet.model.inventory.Scheme.INTERNET_FACING;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LbDiscoveryTest {
  private static final String ELB = "kubernetes.io/role/elb";
  private static final String INTERNAL_ELB = "kubernetes.io/role/internal-elb";
  private static final String OWN = "kubernetes.io/cluster/blue";
  private static final String OTHER = "kubernetes.io/cluster/green";

  @ParameterizedTest
  @CsvSource({"'',NONE", "1,NONE", "true,TAG_VALUE", "yes,TAG_VALUE", "0,TAG_VALUE"})
  void onlyEmptyAndOneAreValuesOfTheRoleTag(String value, IneligibleReason expected) {
    var found =
        found(
            INTERNET_FACING,
            Set.of(),
            subnet("subnet-1", "a", 50, Map.of(ELB, value)),
            subnet("subnet-2", "b", 50, Map.of(ELB, "1")));
    assertThat(found).isEqualTo(Map.of("subnet-1", expected, "subnet-2", NONE));
  }

  @Test
  void oneTaggedSubnetShutsOutAllUntaggedOnesEvenWithARoute() {
    var found =
        found(
            INTERNET_FACING,
            Set.of("subnet-2"),
            subnet("subnet-1", "a", 50, Map.of(ELB, "1")),
            subnet("subnet-2", "b", 50, Map.of()));
    assertThat(found).isEqualTo(Map.of("subnet-1", NONE, "subnet-2", NO_ROLE_TAG));
  }

  @Test
  void withoutAnyTagTheRouteToAnInternetGatewayDecides() {
    var open = subnet("subnet-1", "a", 50, Map.of());
    var shut = subnet("subnet-2", "b", 50, Map.of());
    var routed = Set.of("subnet-1");
    assertThat(found(INTERNET_FACING, routed, open, shut))
        .isEqualTo(Map.of("subnet-1", NONE, "subnet-2", NO_ROLE_TAG));
    assertThat(found(INTERNAL, routed, open, shut))
        .isEqualTo(Map.of("subnet-1", NO_ROLE_TAG, "subnet-2", NONE));
  }

  @Test
  void aWrongValueCountsAsNoTagWhenRoutesDecide() {
    assertThat(
            found(
                INTERNET_FACING,
                Set.of("subnet-1"),
                subnet("subnet-1", "a", 50, Map.of(ELB, "true")),
                subnet("subnet-2", "b", 50, Map.of(ELB, "true"))))
        .isEqualTo(Map.of("subnet-1", NONE, "subnet-2", TAG_VALUE));
  }

  @Test
  void eachSchemeHasATagOfItsOwn() {
    var tagged = subnet("subnet-1", "a", 50, Map.of(INTERNAL_ELB, "1"));
    assertThat(found(INTERNAL, Set.of(), tagged)).isEqualTo(Map.of("subnet-1", NONE));
    assertThat(LbDiscovery.usesRoutes(List.of(tagged), INTERNET_FACING)).isTrue();
    assertThat(LbDiscovery.usesRoutes(List.of(tagged), INTERNAL)).isFalse();
  }

  @Test
  void aSubnetTaggedForOtherClustersOnlyIsTheirs() {
    assertThat(
            found(
                INTERNAL,
                Set.of(),
                subnet("subnet-1", "a", 50, Map.of(INTERNAL_ELB, "1", OTHER, "shared")),
                subnet("subnet-2", "b", 50, Map.of(INTERNAL_ELB, "1", OTHER, "owned", OWN, "")),
                subnet("subnet-3", "c", 50, Map.of(INTERNAL_ELB, "1"))))
        .isEqualTo(Map.of("subnet-1", OTHER_CLUSTER_TAG, "subnet-2", NONE, "subnet-3", NONE));
  }

  @ParameterizedTest
  @CsvSource({"7,FEW_IPS", "8,NONE"})
  void eightAddressesMustBeFree(int available, IneligibleReason expected) {
    assertThat(
            found(INTERNAL, Set.of(), subnet("subnet-1", "a", available, Map.of(INTERNAL_ELB, ""))))
        .isEqualTo(Map.of("subnet-1", expected));
  }

  @Test
  void oneSubnetAZoneTheOwnTagFirstThenTheLowestId() {
    assertThat(
            found(
                INTERNAL,
                Set.of(),
                subnet("subnet-1", "a", 50, Map.of(INTERNAL_ELB, "1")),
                subnet("subnet-2", "a", 9, Map.of(INTERNAL_ELB, "1", OWN, "shared")),
                subnet("subnet-3", "b", 50, Map.of(INTERNAL_ELB, "1")),
                subnet("subnet-4", "b", 99, Map.of(INTERNAL_ELB, "1"))))
        .isEqualTo(
            Map.of(
                "subnet-1", ZONE_TAKEN,
                "subnet-2", NONE,
                "subnet-3", NONE,
                "subnet-4", ZONE_TAKEN));
  }

  @Test
  void aFullSubnetDoesNotTakeItsZone() {
    assertThat(
            found(
                INTERNAL,
                Set.of(),
                subnet("subnet-1", "a", 3, Map.of(INTERNAL_ELB, "1", OWN, "owned")),
                subnet("subnet-2", "a", 50, Map.of(INTERNAL_ELB, "1"))))
        .isEqualTo(Map.of("subnet-1", FEW_IPS, "subnet-2", NONE));
  }

  /** LBC subnet_resolver.go: subnets of several locales are refused. */
  @ParameterizedTest
  @CsvSource({
    "us-west-2-lax-1a,true",
    "us-east-1-wl1-bos-wlz-1,true",
    "us-west-2b,false",
    "us-gov-west-1b,false",
    "ap-southeast-2b,false"
  })
  void localZonesDoNotMixWithZonesOfTheRegion(String zone, boolean local) {
    var tagged = Map.of(INTERNAL_ELB, "1");
    var other = subnet("subnet-2", zone, 50, tagged);

    assertThat(found(INTERNAL, Set.of(), subnet("subnet-1", "us-west-2a", 50, tagged), other))
        .isEqualTo(
            Map.of("subnet-1", NONE, "subnet-2", local ? IneligibleReason.LOCAL_ZONE : NONE));
    assertThat(found(INTERNAL, Set.of(), other)).isEqualTo(Map.of("subnet-2", NONE));
  }

  private static Map<String, IneligibleReason> found(
      Scheme scheme, Set<String> publicSubnets, Subnet... subnets) {
    return new LbDiscovery("blue", publicSubnets)
        .of(List.of(subnets), scheme).stream()
            .collect(Collectors.toMap(Eligibility::subnetId, Eligibility::reason));
  }

  private static Subnet subnet(String id, String zone, int available, Map<String, String> tags) {
    return new Subnet(id, zone, "10.0.0.0/24", available, Set.of(), tags, List.of());
  }
}
