package io.eksnet.diagnosis;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** R41, R42, R48, R49: a subnet has too few addresses left for pods, and who holds them. */
final class SubnetFull implements DiagnosisRule {
  private static final int MIN_LEAKED = 3;

  private static final String NO_ADDRESS = "InsufficientFreeAddressesInSubnet";

  /**
   * The addresses of an interface of the largest instances (EC2 User Guide, "Maximum IP addresses
   * per network interface"). With more of them free, a recent refusal is over.
   */
  private static final int MAX_INTERFACE_ADDRESSES = 50;

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var addresses = evidence.addresses();
    var starved = addresses.starvedZones().stream().flatMap(zone -> starved(zone, evidence));
    var leaked =
        evidence.list(Resources.LEAKED_INTERFACES).stream()
            .collect(groupingBy(NetworkInterface::subnetId));
    var holders =
        evidence.list(Resources.SUBNETS).stream()
            .filter(PodAddresses::isLow)
            .flatMap(
                subnet ->
                    Stream.concat(
                        warmPool(subnet, evidence),
                        leakedInterfaces(
                            subnet, leaked.getOrDefault(subnet.id(), List.of()), evidence)));
    return Stream.concat(starved, holders);
  }

  /**
   * The subnets of a zone that are low on addresses. A node gets addresses from the subnet of its
   * own, or from those with a tag, so a free one beside a full one does not always help. EC2 may
   * refuse a subnet that is not low: a large instance asks for the addresses of a whole interface
   * at once.
   */
  private static Stream<Finding> starved(String zone, EvidenceIndex evidence) {
    var addresses = evidence.addresses();
    var subnets = addresses.subnets(zone);
    var low = subnets.stream().filter(PodAddresses::isLow).toList();
    var refusedByEc2 = addresses.refusedWith(NO_ADDRESS).stream().anyMatch(isIn(zone));
    if (!addresses.hasFree(zone) || (!low.isEmpty() && mayNeed(zone, refusedByEc2, evidence))) {
      return low.stream().map(subnet -> exhausted(subnet, evidence));
    }
    var fragmented = fragmented(zone, evidence).toList();
    return fragmented.isEmpty() && refusedByEc2
        ? subnets.stream()
            .min(comparing(Subnet::available))
            .filter(subnet -> subnet.available() < MAX_INTERFACE_ADDRESSES)
            .map(subnet -> exhausted(subnet, evidence))
            .stream()
        : fragmented.stream();
  }

  /** Whether nodes of the zone lack addresses of a subnet, and no instance is at its own limit. */
  private static boolean mayNeed(String zone, boolean refusedByEc2, EvidenceIndex evidence) {
    return refusedByEc2
        || evidence.agents().stream()
            .filter(isIn(zone))
            .flatMap(agent -> agent.host().pool().stream())
            .filter(pool -> pool.refused() > 0)
            .noneMatch(pool -> pool.enis() >= pool.maxEnis());
  }

  private static Predicate<AgentReport> isIn(String zone) {
    return agent -> agent.zone().equals(zone);
  }

  private static Finding exhausted(Subnet subnet, EvidenceIndex evidence) {
    return starved(RootCause.SUBNET_EXHAUSTED, NO_ADDRESS, subnet, evidence)
        .excludes("not the pod slots of nodes: these pods have a node already")
        .fix(
            "release warm addresses: set WARM_IP_TARGET and MINIMUM_IP_TARGET of aws-node",
            "delete leaked network interfaces (status available, description aws-K8S-…)",
            evidence.addresses().customNetworking()
                ? "add a subnet of a secondary CIDR, an ENIConfig that names it, and nodes that"
                    + " use it"
                : "add a subnet of a secondary CIDR with the tag kubernetes.io/role/cni=1:"
                    + " existing nodes use it",
            "use prefix delegation only in new subnets with new node groups: a prefix needs 16"
                + " contiguous addresses")
        .build();
  }

  /** With prefix delegation, free addresses without a contiguous /28 do not help. */
  private static Stream<Finding> fragmented(String zone, EvidenceIndex evidence) {
    var addresses = evidence.addresses();
    return addresses.isFragmented(zone)
        ? addresses.subnets(zone).stream().map(subnet -> fragmented(subnet, evidence))
        : Stream.empty();
  }

  private static Finding fragmented(Subnet subnet, EvidenceIndex evidence) {
    return starved(RootCause.SUBNET_FRAGMENTED, "InsufficientCidrBlocks", subnet, evidence)
        .evidence("the VPC CNI uses prefix delegation, and no contiguous /28 block is free")
        .supportedBy(evidence.inventory(), Resources.FREE_PREFIXES)
        .excludes("not a full subnet: %d addresses are free".formatted(subnet.available()))
        .fix(
            "create a subnet CIDR reservation of type prefix, if a range is still free",
            "or add a subnet with the tag kubernetes.io/role/cni=1",
            "move pods to nodes in the new range")
        .build();
  }

  private static Finding.Builder starved(
      RootCause cause, String errorCode, Subnet subnet, EvidenceIndex evidence) {
    var addresses = evidence.addresses();
    var refused = addresses.refusedWith(errorCode).stream().map(AgentReport::node).toList();
    return Finding.builder(cause, "subnet/" + subnet.id(), 95)
        .evidence(
            "%d of %d addresses are free in %s (%s)"
                .formatted(subnet.available(), subnet.usable(), subnet.id(), subnet.zone()))
        .evidence("pods in %s get no address".formatted(subnet.zone()))
        .evidenceIf(
            !refused.isEmpty(),
            "EC2 returns %s to %s".formatted(errorCode, FindingText.list(refused)))
        .supportedBy(evidence.inventory(), Resources.SUBNETS)
        .supportedIf(addresses.refusingZones().contains(subnet.zone()));
  }

  private static Stream<Finding> warmPool(Subnet subnet, EvidenceIndex evidence) {
    var addresses = evidence.addresses();
    var warm = addresses.warm(subnet.zone());
    if (warm <= PodAddresses.lowWatermark(subnet) - subnet.available()
        || !addresses.subnets(subnet.zone()).contains(subnet)) {
      return Stream.empty();
    }
    return Stream.of(
        holder(RootCause.WARM_POOL_HOLDS_ADDRESSES, subnet, evidence)
            .evidence(
                "%d addresses are free in %s, nodes in %s hold %d that no pod uses"
                    .formatted(subnet.available(), subnet.id(), subnet.zone(), warm))
            .supportedBy(evidence.inventory(), Resources.SUBNETS, Resources.CNI_SETTINGS)
            .excludes("not demand: pods do not use these addresses")
            .fix(
                "set WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=4 for aws-node instead of the default"
                    + " of one spare network interface per node")
            .build());
  }

  /** Who holds addresses is a risk, and a fault where pods get none. */
  private static Finding.Builder holder(RootCause cause, Subnet subnet, EvidenceIndex evidence) {
    var starved = evidence.addresses().starvedZones().contains(subnet.zone());
    return Finding.builder(cause, "subnet/" + subnet.id(), starved ? 80 : 60)
        .evidenceIf(starved, "pods in %s get no address".formatted(subnet.zone()));
  }

  private static Stream<Finding> leakedInterfaces(
      Subnet subnet, List<NetworkInterface> leaked, EvidenceIndex evidence) {
    if (leaked.size() < MIN_LEAKED) {
      return Stream.empty();
    }
    return Stream.of(
        holder(RootCause.LEAKED_ENIS, subnet, evidence)
            .evidence(
                "%d unattached network interfaces hold %d addresses in %s, %d are free"
                    .formatted(
                        leaked.size(),
                        leaked.stream().mapToInt(eni -> eni.addresses().size()).sum(),
                        subnet.id(),
                        subnet.available()))
            .supportedBy(evidence.inventory(), Resources.SUBNETS, Resources.LEAKED_INTERFACES)
            .fix(
                "delete them: "
                    + FindingText.list(leaked.stream().map(NetworkInterface::id).toList()),
                "check that aws-node is recent enough to clean up after terminated nodes")
            .build());
  }
}
