package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Addresses for pods: the zones in which pods get none, and what is left in subnets. */
final class PodAddresses {
  /** Addresses of one /28 prefix; EKS recommends as many for the subnets of a cluster. */
  private static final int PREFIX = 16;

  private static final Duration PENDING_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration RECENT = Duration.ofMinutes(5);
  private static final Set<SubnetRole> VPC_CNI_ROLES =
      Set.of(
          SubnetRole.NODE,
          SubnetRole.POD,
          SubnetRole.POD_ENICONFIG,
          SubnetRole.POD_CNI_TAG,
          SubnetRole.KARPENTER);

  /** Roles of subnets in which the VPC CNI assigns no addresses. */
  private static final Set<SubnetRole> OTHER_CNI_ROLES =
      Set.of(SubnetRole.AUTO_MODE, SubnetRole.FARGATE);

  private final EvidenceIndex evidence;
  private final Optional<CniSettings> cni;
  private final Map<String, List<AgentReport>> agentsByZone;
  private final Set<String> refusingZones;

  PodAddresses(EvidenceIndex evidence) {
    this.evidence = evidence;
    this.cni = evidence.inventory().get(Resources.CNI_SETTINGS);
    this.agentsByZone = evidence.agents().stream().collect(groupingBy(AgentReport::zone));
    this.refusingZones =
        zones(
            Stream.concat(
                evidence.agents().stream()
                    .filter(a -> a.host().pool().filter(pool -> pool.refused() > 0).isPresent())
                    .map(AgentReport::zone),
                failures(SandboxFailure.NO_IP).stream().map(SandboxFailures::zone)));
  }

  /**
   * Zones in which pods were refused an address recently. A pod that only waits may wait for a
   * volume, which is attached before it gets an address: it counts where the events of refusals
   * cannot be read.
   */
  Set<String> starvedZones() {
    if (evidence.inventory().get(Resources.SANDBOX_FAILURES).isPresent()) {
      return refusingZones;
    }
    var waiting =
        evidence.list(Resources.PENDING_PODS).stream()
            .filter(PendingPod::waitsForAddress)
            .filter(pod -> pod.since().plus(PENDING_TIMEOUT).isBefore(evidence.now()))
            .map(PendingPod::zone);
    return zones(Stream.concat(waiting, refusingZones.stream()));
  }

  /** Zones in which pods were refused an address recently. */
  Set<String> refusingZones() {
    return refusingZones;
  }

  private static Set<String> zones(Stream<String> zones) {
    return zones.filter(zone -> !zone.isEmpty()).collect(toCollection(TreeSet::new));
  }

  /** Recent sandbox failures of one kind. */
  List<SandboxFailures> failures(SandboxFailure reason) {
    return evidence.list(Resources.SANDBOX_FAILURES).stream()
        .filter(failures -> failures.reason() == reason)
        .filter(failures -> failures.last().plus(RECENT).isAfter(evidence.now()))
        .toList();
  }

  /**
   * The subnets of a zone from which pods get their addresses: with custom networking those of
   * ENIConfigs only, however many addresses are free in the subnets of nodes.
   */
  List<Subnet> subnets(String zone) {
    if (customNetworking()) {
      return subnets(zone, Set.of(SubnetRole.POD_ENICONFIG));
    }
    var ofVpcCni = subnets(zone, VPC_CNI_ROLES);
    return ofVpcCni.isEmpty() ? subnets(zone, OTHER_CNI_ROLES) : ofVpcCni;
  }

  private List<Subnet> subnets(String zone, Set<SubnetRole> roles) {
    return evidence.list(Resources.SUBNETS).stream()
        .filter(subnet -> subnet.zone().equals(zone))
        .filter(subnet -> subnet.roles().stream().anyMatch(roles::contains))
        .toList();
  }

  /** Whether a subnet of the zone is not low on addresses. */
  boolean hasFree(String zone) {
    return subnets(zone).stream().anyMatch(subnet -> !isLow(subnet));
  }

  /** Whether fewer addresses are left than one prefix has, or than half of a small subnet. */
  static boolean isLow(Subnet subnet) {
    return subnet.available() < lowWatermark(subnet);
  }

  /** The number of free addresses below which a subnet is low. */
  static int lowWatermark(Subnet subnet) {
    return Math.min(PREFIX, subnet.usable() / 2);
  }

  /**
   * Whether prefix delegation is on and no subnet of the zone has a contiguous /28 left. EC2
   * refuses a prefix as InsufficientCidrBlocks, and an interface with one as InvalidParameterValue
   * (amazon-vpc-cni-k8s #3105).
   */
  boolean isFragmented(String zone) {
    return prefixDelegation()
        && evidence
            .inventory()
            .get(Resources.FREE_PREFIXES)
            .filter(
                free ->
                    subnets(zone).stream()
                        .allMatch(subnet -> Objects.equals(free.get(subnet.id()), 0)))
            .isPresent();
  }

  /** Whether a subnet of the zone is known to have a free /28, if prefix delegation needs one. */
  boolean hasFreePrefix(String zone) {
    var free = evidence.inventory().get(Resources.FREE_PREFIXES).orElse(Map.of());
    return !prefixDelegation()
        || subnets(zone).stream().anyMatch(subnet -> free.getOrDefault(subnet.id(), 0) > 0);
  }

  /** Agents whose ipamd recently got one of these error codes from AWS. */
  List<AgentReport> refusedWith(String... codes) {
    return evidence.agents().stream()
        .filter(agent -> agent.host().pool().filter(pool -> met(pool, codes)).isPresent())
        .toList();
  }

  private static boolean met(AddressPool pool, String... codes) {
    return pool.errors().keySet().stream()
        .anyMatch(error -> Stream.of(codes).anyMatch(code -> error.endsWith("/" + code)));
  }

  /** Addresses that nodes of a zone hold and no pod uses. */
  int warm(String zone) {
    return agentsByZone.getOrDefault(zone, List.of()).stream()
        .flatMap(agent -> agent.host().pool().stream())
        .mapToInt(pool -> pool.total() - pool.assigned())
        .sum();
  }

  boolean prefixDelegation() {
    return cni.filter(CniSettings::prefixDelegation).isPresent();
  }

  boolean customNetworking() {
    return cni.filter(CniSettings::customNetworking).isPresent();
  }
}
