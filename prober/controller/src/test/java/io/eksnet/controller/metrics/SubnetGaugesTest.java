package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubnetGaugesTest {
  @Test
  void freeAddressesStandBesideAllThatThereAre() {
    var inventory = knowing(Resources.SUBNETS, List.of(subnet("subnet-a", "10.0.0.0/24", 7)));

    assertThat(series("subnet_available_ips", inventory))
        .containsExactly("subnet_id=subnet-a az=eu-central-1a 7");
    assertThat(series("subnet_usable_ips", inventory))
        .containsExactly("subnet_id=subnet-a az=eu-central-1a 251");
  }

  @Test
  void aSubnetWithoutIpv4IsNotFull() {
    var inventory = knowing(Resources.SUBNETS, List.of(subnet("subnet-6", "", 0)));

    assertThat(series("subnet_available_ips", inventory)).isEmpty();
    assertThat(series("subnet_usable_ips", inventory)).isEmpty();
  }

  @Test
  void theRolesOfASubnetAreThoseThatAreKnown() {
    var inventory =
        knowing(
            Resources.SUBNETS,
            List.of(subnet("subnet-a", "10.0.0.0/24", 7, SubnetRole.POD, SubnetRole.ELB_PUBLIC)));

    assertThat(series("subnet_role", inventory))
        .containsExactly("subnet_id=subnet-a role=elb_public 1", "subnet_id=subnet-a role=pod 1");
  }

  @Test
  void blocksAreShownWhereTheyWereCounted() {
    var inventory =
        and(
            knowing(
                Resources.SUBNETS,
                List.of(
                    subnet("subnet-a", "10.0.0.0/24", 7), subnet("subnet-b", "10.0.1.0/24", 9))),
            Resources.FREE_PREFIXES,
            Map.of("subnet-a", 0, "subnet-gone", 3));

    assertThat(series("subnet_free_prefix28", inventory))
        .containsExactly("subnet_id=subnet-a az=eu-central-1a 0");
  }

  @Test
  void reportsPrefixModeOnAndOff() {
    assertThat(series("cni_prefix_delegation", knowing(Resources.CNI_SETTINGS, cni(true))))
        .containsExactly("1");
    assertThat(series("cni_prefix_delegation", knowing(Resources.CNI_SETTINGS, cni(false))))
        .containsExactly("0");
    assertThat(series("cni_prefix_delegation", Inventory.EMPTY)).isEmpty();
  }

  @Test
  void ofSeveralEndpointsForAServiceOneIsEnough() {
    var inventory =
        knowing(
            Resources.VPC_ENDPOINTS,
            List.of(
                endpoint("sts", "available", true),
                endpoint("sts", "failed", true),
                endpoint("ec2", "pending", false)));

    assertThat(series("vpc_endpoint_available", inventory))
        .containsExactly("service=ec2 private_dns=false 0", "service=sts private_dns=true 1");
  }

  @Test
  void zonesAreCountedOnceAndOnlyWhereASubnetIsEligible() {
    var inventory =
        knowing(
            Resources.LB_SUBNETS,
            List.of(
                eligibility(Scheme.INTERNET_FACING, "a", IneligibleReason.NONE),
                eligibility(Scheme.INTERNET_FACING, "a", IneligibleReason.NONE),
                eligibility(Scheme.INTERNET_FACING, "b", IneligibleReason.NONE),
                eligibility(Scheme.INTERNET_FACING, "c", IneligibleReason.FEW_IPS),
                eligibility(Scheme.INTERNAL, "a", IneligibleReason.NO_ROLE_TAG)));

    assertThat(series("lb_eligible_subnet_azs", inventory))
        .containsExactly("scheme=internal 0", "scheme=internet-facing 2");
    assertThat(series("lb_eligible_subnet_azs", Inventory.EMPTY)).isEmpty();
  }

  private static Subnet subnet(String id, String cidr, int available, SubnetRole... roles) {
    return new Subnet(id, "eu-central-1a", cidr, available, Set.of(roles), Map.of(), List.of());
  }

  private static CniSettings cni(boolean prefixes) {
    return new CniSettings(prefixes, false, true, false, false);
  }

  private static VpcEndpoint endpoint(String service, String state, boolean privateDns) {
    return new VpcEndpoint("vpce-1", service, state, privateDns, List.of());
  }

  private static Eligibility eligibility(Scheme scheme, String zone, IneligibleReason rejection) {
    return new Eligibility(scheme, "subnet-" + zone, zone, rejection);
  }
}
