package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.ELIGIBLE_ZONES;
import static io.eksnet.metrics.InventoryCatalogue.ENDPOINT_AVAILABLE;
import static io.eksnet.metrics.InventoryCatalogue.PREFIX_DELEGATION;
import static io.eksnet.metrics.InventoryCatalogue.SUBNET_AVAILABLE;
import static io.eksnet.metrics.InventoryCatalogue.SUBNET_FREE_PREFIXES;
import static io.eksnet.metrics.InventoryCatalogue.SUBNET_ROLE;
import static io.eksnet.metrics.InventoryCatalogue.SUBNET_USABLE;

import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Addresses: what subnets have left, and who may use them. */
final class SubnetGauges {
  private SubnetGauges() {}

  static void add(Inventory inventory, Series to) {
    var freePrefixes = inventory.get(Resources.FREE_PREFIXES).orElse(Map.of());
    for (var subnet : inventory.list(Resources.SUBNETS)) {
      add(subnet, to);
      var free = freePrefixes.get(subnet.id());
      if (free != null) {
        to.least(SUBNET_FREE_PREFIXES, free, subnet.id(), subnet.zone());
      }
    }
    inventory
        .get(Resources.CNI_SETTINGS)
        .ifPresent(cni -> to.flag(PREFIX_DELEGATION, cni.prefixDelegation()));
    for (var endpoint : inventory.list(Resources.VPC_ENDPOINTS)) {
      var privateDns = String.valueOf(endpoint.privateDns());
      to.flag(ENDPOINT_AVAILABLE, endpoint.available(), endpoint.service(), privateDns);
    }
    inventory.get(Resources.LB_SUBNETS).ifPresent(subnets -> addEligible(subnets, to));
  }

  private static void add(Subnet subnet, Series to) {
    usable(subnet)
        .ifPresent(
            usable -> {
              to.least(SUBNET_AVAILABLE, subnet.available(), subnet.id(), subnet.zone());
              to.least(SUBNET_USABLE, usable, subnet.id(), subnet.zone());
            });
    subnet.roles().forEach(role -> to.flag(SUBNET_ROLE, true, subnet.id(), role.label()));
  }

  /** A subnet of IPv6 alone has no IPv4 range, and so no addresses that could run out. */
  private static OptionalInt usable(Subnet subnet) {
    try {
      return OptionalInt.of(subnet.usable());
    } catch (IllegalArgumentException noRange) {
      return OptionalInt.empty();
    }
  }

  private static void addEligible(List<Eligibility> subnets, Series to) {
    for (var scheme : Scheme.values()) {
      var zones =
          subnets.stream()
              .filter(subnet -> subnet.scheme() == scheme && subnet.eligible())
              .map(Eligibility::zone)
              .distinct()
              .count();
      to.count(ELIGIBLE_ZONES, zones, scheme.label());
    }
  }
}
