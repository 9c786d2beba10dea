package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Addresses for pods: what refuses them, where, and what is left. */
record AddressView(Evidence evidence) {
  /** One /28; EKS recommends as many for the subnets of a cluster. */
  static final int PREFIX = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LATELY = Duration.ofMinutes(5);
  private static final Set<SubnetRole> FOR_PODS =
      Set.of(
          SubnetRole.NODE,
          SubnetRole.POD,
          SubnetRole.POD_ENICONFIG,
          SubnetRole.POD_CNI_TAG,
          SubnetRole.KARPENTER);

  /** Pods of the VPC CNI get no address there. */
  private static final Set<SubnetRole> FOR_OTHER_PODS =
      Set.of(SubnetRole.AUTO_MODE, SubnetRole.FARGATE);

  /** Zones in which pods wait for an address, or were refused one lately. */
  Set<String> starving() {
    var waiting =
        evidence.inventory().list(Resources.PENDING_PODS).stream()
            .filter(PendingPod::waitsForAddress)
            .filter(pod -> pod.since().plus(PATIENCE).isBefore(evidence.now()))
            .map(PendingPod::zone);
    return zones(Stream.concat(waiting, refusing().stream()));
  }

  /**
   * Zones in which pods were refused an address lately; one that has none yet may wait for a volume
   * as well, which comes first.
   */
  Set<String> refusing() {
    var refused =
        evidence.agents().stream()
            .filter(agent -> agent.host().pool().filter(pool -> pool.refused() > 0).isPresent())
            .map(AgentReport::zone);
    var failed = failures(SandboxFailure.NO_IP).stream().map(SandboxFailures::zone);
    return zones(Stream.concat(refused, failed));
  }

  private static Set<String> zones(Stream<String> zones) {
    return zones.filter(zone -> !zone.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Sandboxes of one class that failed lately. */
  List<SandboxFailures> failures(SandboxFailure reason) {
    return evidence.inventory().list(Resources.SANDBOX_FAILURES).stream()
        .filter(failures -> failures.reason() == reason && isRecent(failures))
        .toList();
  }

  private boolean isRecent(SandboxFailures failures) {
    return failures.last().plus(LATELY).isAfter(evidence.now());
  }

  /**
   * The subnets of a zone from which pods get their addresses; with custom networking those of
   * ENIConfigs alone, however much room nodes have in theirs.
   */
  List<Subnet> subnets(String zone) {
    if (customNetworking()) {
      return subnets(zone, Set.of(SubnetRole.POD_ENICONFIG));
    }
    var its = subnets(zone, FOR_PODS);
    return its.isEmpty() ? subnets(zone, FOR_OTHER_PODS) : its;
  }

  private List<Subnet> subnets(String zone, Set<SubnetRole> roles) {
    return evidence.inventory().list(Resources.SUBNETS).stream()
        .filter(subnet -> subnet.zone().equals(zone))
        .filter(subnet -> subnet.roles().stream().anyMatch(roles::contains))
        .toList();
  }

  /** Whether one of them has a prefix' worth of addresses left, or half of its own. */
  boolean hasRoom(String zone) {
    return subnets(zone).stream()
        .anyMatch(subnet -> subnet.available() >= Math.min(PREFIX, subnet.usable() / 2));
  }

  /** Agents of nodes in a zone. */
  List<AgentReport> agents(String zone) {
    return evidence.agents().stream().filter(agent -> agent.zone().equals(zone)).toList();
  }

  /** Agents whose address manager was refused so by AWS lately. */
  List<AgentReport> refusedWith(String... codes) {
    return evidence.agents().stream()
        .filter(agent -> agent.host().pool().filter(pool -> met(pool, codes)).isPresent())
        .toList();
  }

  /** Addresses that the nodes of a zone hold and no pod has. */
  int warm(String zone) {
    return agents(zone).stream()
        .flatMap(agent -> agent.host().pool().stream())
        .mapToInt(pool -> pool.total() - pool.assigned())
        .sum();
  }

  /** How people free addresses, in the right order: prefixes help on fresh subnets only. */
  String[] remedies() {
    return new String[] {
      "release warm addresses: WARM_IP_TARGET and MINIMUM_IP_TARGET of aws-node",
      "delete forgotten interfaces (status available, description aws-K8S-…)",
      customNetworking()
          ? "add a subnet of a secondary CIDR, an ENIConfig that names it, and nodes that use it"
          : "add a subnet of a secondary CIDR, tagged kubernetes.io/role/cni=1: it is used without"
              + " new nodes",
      "prefix delegation only on fresh subnets with new node groups: a prefix needs 16 addresses"
          + " in a row"
    };
  }

  private boolean customNetworking() {
    return evidence
        .inventory()
        .get(Resources.CNI_SETTINGS)
        .filter(CniSettings::customNetworking)
        .isPresent();
  }

  private static boolean met(AddressPool pool, String... codes) {
    return pool.errors().keySet().stream()
        .anyMatch(error -> Stream.of(codes).anyMatch(code -> error.endsWith("/" + code)));
  }
}
