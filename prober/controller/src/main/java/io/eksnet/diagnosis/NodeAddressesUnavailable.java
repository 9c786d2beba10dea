package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** R43, R44, R45, R47: nodes assign no addresses to pods although subnets have free ones. */
final class NodeAddressesUnavailable implements DiagnosisRule {
  private static final Duration NODE_START = Duration.ofMinutes(3);
  private static final String[] NOT_AUTHORIZED = {"UnauthorizedOperation", "AccessDenied"};

  private static final Pattern CREATES_ADDRESSES =
      Pattern.compile("(Create|Attach|Modify)NetworkInterface|AssignPrivateIpAddresses");

  /** Error codes of EC2 that other rules explain, or that end by themselves. */
  private static final Set<String> EXPLAINED_CODES =
      Set.of(
          "UnauthorizedOperation",
          "AccessDenied",
          "InsufficientFreeAddressesInSubnet",
          "InsufficientCidrBlocks",
          "RequestLimitExceeded",
          "Throttling",
          "ThrottlingException",
          "RequestCanceled",
          "InternalError",
          "ServiceUnavailable");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.of(
            instanceLimit(evidence),
            eniCreationRefused(evidence),
            permissionMissing(evidence).stream(),
            ipamdDown(evidence),
            branchInterfaces(evidence).stream())
        .flatMap(findings -> findings);
  }

  private static Stream<Finding> instanceLimit(EvidenceIndex evidence) {
    return evidence.agents().stream()
        .flatMap(
            agent ->
                agent.host().pool().stream()
                    .filter(pool -> isAtLimit(pool, evidence))
                    .filter(pool -> evidence.addresses().hasFree(agent.zone()))
                    .map(pool -> instanceLimit(agent.node(), pool, evidence)));
  }

  private static boolean isAtLimit(AddressPool pool, EvidenceIndex evidence) {
    return isExhausted(pool)
        && pool.maxEnis() > 0
        && pool.enis() + interfacesWithoutPods(evidence) >= pool.maxEnis()
        && (pool.enis() >= pool.maxEnis() || pool.errors().isEmpty());
  }

  /** Whether pods were refused an address recently, and none is left. */
  private static boolean isExhausted(AddressPool pool) {
    return pool.refused() > 0 && pool.assigned() >= pool.total();
  }

  /**
   * Interfaces that give pods no addresses: the first one with custom networking, and the trunk for
   * pods with security groups of their own (amazon-vpc-cni-k8s README, ENABLE_POD_ENI).
   */
  private static int interfacesWithoutPods(EvidenceIndex evidence) {
    return evidence
        .inventory()
        .get(Resources.CNI_SETTINGS)
        .map(cni -> (cni.customNetworking() ? 1 : 0) + (cni.podSecurityGroups() ? 1 : 0))
        .orElse(0);
  }

  private static Finding instanceLimit(String node, AddressPool pool, EvidenceIndex evidence) {
    var without = interfacesWithoutPods(evidence);
    return Finding.builder(RootCause.INSTANCE_ADDRESS_LIMIT, "node/" + node, 90)
        .evidence(
            "%s uses all of its %d network interfaces and all of their %d addresses, and refused"
                    .formatted(node, pool.maxEnis(), pool.total())
                + " %d pods".formatted(pool.refused()))
        .evidenceIf(
            without > 0,
            "%d of the interfaces give pods no addresses (custom networking, security groups for"
                    .formatted(without)
                + " pods)")
        .supportedBy(evidence.inventory(), Resources.SUBNETS)
        .excludes("not the subnet: it has free addresses")
        .fix(
            without > 0
                ? "set maxPods to (ENIs - %d) x (addresses - 1) + 2 of the instance type"
                    .formatted(without)
                : "set maxPods to ENIs x (addresses - 1) + 2 of the instance type",
            "use a larger instance type, or prefix delegation in new node groups")
        .build();
  }

  /**
   * AWS refuses network interfaces for another reason than permissions and free addresses, such as
   * a quota, a security group that does not exist, or a tag policy.
   */
  private static Stream<Finding> eniCreationRefused(EvidenceIndex evidence) {
    return evidence.agents().stream()
        .filter(agent -> !refusals(agent).isEmpty())
        .filter(agent -> evidence.addresses().hasFree(agent.zone()))
        .filter(agent -> evidence.addresses().hasFreePrefix(agent.zone()))
        .collect(groupingBy(AgentReport::zone, TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(zone -> eniCreationRefused(zone.getKey(), zone.getValue(), evidence));
  }

  private static Set<String> refusals(AgentReport agent) {
    return agent.host().pool().filter(NodeAddressesUnavailable::isExhausted).stream()
        .flatMap(pool -> pool.errors().keySet().stream())
        .filter(error -> CREATES_ADDRESSES.matcher(error).lookingAt())
        .filter(error -> EXPLAINED_CODES.stream().noneMatch(code -> error.endsWith("/" + code)))
        .collect(toCollection(TreeSet::new));
  }

  private static Finding eniCreationRefused(
      String zone, List<AgentReport> agents, EvidenceIndex evidence) {
    var errors =
        agents.stream()
            .flatMap(agent -> refusals(agent).stream())
            .collect(toCollection(TreeSet::new));
    var free = evidence.addresses().subnets(zone).stream().mapToInt(Subnet::available).sum();
    return Finding.builder(RootCause.ENI_CREATION_REFUSED, "zone/" + zone, 85)
        .evidence(
            "EC2 refuses calls of the VPC CNI on %s: %s"
                .formatted(
                    FindingText.list(agents.stream().map(AgentReport::node).toList()),
                    FindingText.list(errors)))
        .evidence(
            "these nodes refused %d pods an address recently"
                .formatted(
                    agents.stream()
                        .flatMap(agent -> agent.host().pool().stream())
                        .mapToLong(AddressPool::refused)
                        .sum()))
        .supportedBy(evidence.inventory(), Resources.SUBNETS, Resources.CNI_SETTINGS)
        .excludes("not a full subnet: %d addresses are free in %s".formatted(free, zone))
        .excludes("not a missing permission: EC2 would return UnauthorizedOperation")
        .fix(
            "read the message of EC2 for this code in /var/log/aws-routed-eni/ipamd.log of these"
                + " nodes",
            "check the security groups and the subnet that the ENIConfig or the node class names,"
                + " and the quota of network interfaces",
            "with prefix delegation, check that instances of this type support prefixes")
        .build();
  }

  private static Optional<Finding> permissionMissing(EvidenceIndex evidence) {
    var refused = evidence.addresses().refusedWith(NOT_AUTHORIZED);
    if (refused.isEmpty()) {
      return Optional.empty();
    }
    var calls =
        refused.stream()
            .flatMap(agent -> agent.host().pool().stream())
            .flatMap(pool -> pool.errors().keySet().stream())
            .filter(error -> Stream.of(NOT_AUTHORIZED).anyMatch(code -> error.endsWith("/" + code)))
            .distinct()
            .toList();
    return Optional.of(
        Finding.builder(RootCause.CNI_PERMISSION_MISSING, "cluster", 95)
            .evidence(
                "EC2 denies calls of the VPC CNI on %s: %s"
                    .formatted(
                        FindingText.list(refused.stream().map(AgentReport::node).toList()),
                        FindingText.list(calls)))
            .excludes("not the subnets: EC2 denies the calls before it reads them")
            .fix(
                "attach AmazonEKS_CNI_Policy to the IAM role of aws-node, or of the nodes",
                "restart aws-node on these nodes")
            .build());
  }

  /**
   * If no ipamd responds, its metrics may be off or blocked: then sandboxes must have failed on the
   * node too.
   */
  private static Stream<Finding> ipamdDown(EvidenceIndex evidence) {
    if (evidence.inventory().get(Resources.NODES).isEmpty()) {
      return Stream.empty(); // it is unknown which nodes are starting
    }
    var probed =
        evidence.agents().stream()
            .filter(agent -> agent.host().ipamd().isPresent())
            .filter(agent -> isEc2(agent.node(), evidence))
            .toList();
    var failures =
        evidence.addresses().failures(SandboxFailure.IPAMD_UNREACHABLE).stream()
            .collect(groupingBy(SandboxFailures::node, summingLong(SandboxFailures::count)));
    var respondsElsewhere = silenceIsSufficient(probed, evidence);
    return probed.stream()
        .filter(agent -> !responds(agent))
        .map(AgentReport::node)
        .filter(node -> !isStarting(node, evidence))
        .filter(node -> respondsElsewhere || failures.containsKey(node))
        .map(node -> ipamdDown(node, failures, evidence));
  }

  private static boolean isEc2(String node, EvidenceIndex evidence) {
    return evidence.node(node).filter(it -> it.computeType() != ComputeType.EC2).isEmpty();
  }

  private static boolean isStarting(String node, EvidenceIndex evidence) {
    return evidence
        .node(node)
        .map(KubeNode::created)
        .filter(created -> created.plus(NODE_START).isAfter(evidence.now()))
        .isPresent();
  }

  private static boolean silenceIsSufficient(List<AgentReport> probed, EvidenceIndex evidence) {
    var cni =
        evidence
            .inventory()
            .snapshot(Resources.CNI_SETTINGS)
            .unavailable()
            .map(Unavailable::reason);
    return !cni.equals(Optional.of(Unavailable.Reason.ABSENT))
        && (probed.size() == 1 || probed.stream().anyMatch(NodeAddressesUnavailable::responds));
  }

  private static boolean responds(AgentReport agent) {
    return agent.host().ipamd().equals(Optional.of(true));
  }

  private static Finding ipamdDown(
      String node, Map<String, Long> failures, EvidenceIndex evidence) {
    return Finding.builder(RootCause.IPAMD_DOWN, "node/" + node, 90)
        .evidence("ipamd of aws-node on %s does not respond at port 61678".formatted(node))
        .evidenceIf(
            failures.getOrDefault(node, 0L) > 0,
            "%d pod sandboxes failed on it with AddNetwork errors"
                .formatted(failures.getOrDefault(node, 0L)))
        .supportedBy(evidence.inventory(), Resources.NODES)
        .excludes("not a node that is starting: it is older than 3 minutes")
        .fix(
            "read the logs of the aws-node pod on " + node,
            "restart the pod; check that the security group of the node allows port 61678")
        .build();
  }

  private static Optional<Finding> branchInterfaces(EvidenceIndex evidence) {
    var failures = evidence.addresses().failures(SandboxFailure.BRANCH_ENI);
    if (failures.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.BRANCH_ENI_LIMIT, "cluster", 85)
            .evidence(
                "%d pods got no branch network interface, the last within 5 minutes, on %s"
                    .formatted(
                        failures.stream().mapToLong(SandboxFailures::count).sum(),
                        FindingText.list(
                            failures.stream().map(SandboxFailures::node).distinct().toList())))
            .supportedBy(evidence.inventory(), Resources.SANDBOX_FAILURES)
            .fix(
                "check the BranchAllocationFailed events of the VPC resource controller",
                "use instance types with more branch network interfaces, or fewer such pods per"
                    + " node",
                "check that the cluster IAM role has AmazonEKSVPCResourceController")
            .build());
  }
}
