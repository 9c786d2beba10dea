package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.NodePool;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * R71: instances were launched and do not join the cluster, or limits keep Karpenter from launching
 * them. One finding for each NodePool: its instances have subnets, role, image and user data in
 * common.
 */
final class NodeNotJoining implements DiagnosisRule {
  /** Linux nodes register one or two minutes after their launch. */
  private static final Duration START = Duration.ofMinutes(5);

  /** Karpenter deletes a NodeClaim that is not registered after 15 minutes. */
  private static final Duration SLOW_START = Duration.ofMinutes(12);

  /** By then Karpenter would have created a NodeClaim, and EC2 would have launched it. */
  private static final Duration CAPACITY = Duration.ofMinutes(5);

  private static final Set<UnschedulableReason> NO_CAPACITY =
      EnumSet.of(
          UnschedulableReason.INSUFFICIENT_CPU,
          UnschedulableReason.INSUFFICIENT_MEMORY,
          UnschedulableReason.INSUFFICIENT_PODS);

  private static final Duration SCHEDULING = Duration.ofMinutes(1);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var late = lateClaims(evidence);
    return Stream.of(
            late.entrySet().stream()
                .map(group -> unregistered(group.getKey(), group.getValue(), evidence)),
            evidence.list(Resources.NODE_POOLS).stream()
                .filter(pool -> !late.containsKey(scope(pool.name())))
                .flatMap(pool -> unhealthy(pool, evidence)),
            atLimit(evidence),
            neverReady(evidence))
        .flatMap(findings -> findings)
        .map(Finding.Builder::build);
  }

  /** The claims whose node should exist, by the scope of their finding. */
  private static Map<String, List<NodeClaim>> lateClaims(EvidenceIndex evidence) {
    var joined =
        evidence.list(Resources.NODES).stream()
            .map(KubeNode::instanceId)
            .filter(id -> !id.isEmpty())
            .collect(toSet());
    return evidence.list(Resources.NODE_CLAIMS).stream()
        .filter(NodeClaim::isLaunched)
        .filter(claim -> !joined.contains(claim.instanceId()))
        .filter(
            claim -> isBefore(claim.since(), claim.startsSlowly() ? SLOW_START : START, evidence))
        .collect(groupingBy(NodeNotJoining::scope, TreeMap::new, toList()));
  }

  private static boolean isBefore(Instant since, Duration duration, EvidenceIndex evidence) {
    return since.plus(duration).isBefore(evidence.now());
  }

  private static String scope(NodeClaim claim) {
    return claim.nodePool().isEmpty() ? "nodeclaim/" + claim.name() : scope(claim.nodePool());
  }

  private static String scope(String nodePool) {
    return "nodepool/" + nodePool;
  }

  private static Finding.Builder unregistered(
      String scope, List<NodeClaim> claims, EvidenceIndex evidence) {
    var first = claims.get(0);
    return steps(
        Finding.builder(RootCause.NODE_NOT_JOINING, scope, 90)
            .evidence(
                "%d NodeClaims were launched and have no node: %s"
                    .formatted(
                        claims.size(),
                        FindingText.list(
                            claims.stream()
                                .map(
                                    claim ->
                                        "%s (%s, for %d minutes)"
                                            .formatted(
                                                claim.name(),
                                                claim.instanceId(),
                                                Duration.between(claim.since(), evidence.now())
                                                    .toMinutes()))
                                .toList())))
            .evidenceIf(
                !first.pending().message().isEmpty(),
                "%s: \"%s\"".formatted(first.pending().reason(), first.pending().message()))
            .supportedBy(evidence.inventory(), Resources.NODE_CLAIMS, Resources.NODES)
            .excludes("not EC2: it started the instances")
            .excludes("not the CNI: a node registers before its CNI starts"),
        first.instanceId());
  }

  /**
   * Karpenter deletes claims that do not register, and launches others. Its condition stays when no
   * more nodes are needed, so the rule also requires a pod that waits for a node. Without a claim
   * of the pool, the pod may wait for something else.
   */
  private static Stream<Finding.Builder> unhealthy(NodePool pool, EvidenceIndex evidence) {
    var waiting =
        evidence.list(Resources.PENDING_PODS).stream()
            .filter(pod -> !pod.waitsForAddress())
            .filter(pod -> isBefore(pod.since(), SCHEDULING, evidence))
            .count();
    var isLaunching =
        evidence.list(Resources.NODE_CLAIMS).stream()
            .anyMatch(claim -> claim.nodePool().equals(pool.name()));
    return pool.conditions().stream()
        .filter(NodeNotJoining::isRegistrationFailed)
        .filter(condition -> waiting > 0)
        .map(
            condition ->
                steps(
                    Finding.builder(
                            RootCause.NODE_NOT_JOINING, scope(pool.name()), isLaunching ? 80 : 70)
                        .evidence(
                            "%s=%s, %s: \"%s\""
                                .formatted(
                                    condition.type(),
                                    condition.status(),
                                    condition.reason(),
                                    condition.message()))
                        .evidence("%d pods wait for a node".formatted(waiting))
                        .supportedBy(
                            evidence.inventory(), Resources.NODE_POOLS, Resources.NODE_CLAIMS)
                        .excludes("not EC2: Karpenter would report why the launch failed"),
                    "$INSTANCE"));
  }

  private static boolean isRegistrationFailed(Condition condition) {
    return condition.type().equals("NodeRegistrationHealthy")
        && condition.status().equals("False")
        && condition.reason().equals("RegistrationFailed");
  }

  /**
   * The limits of NodePools admit no further node, and pods wait for CPU, memory or pod slots. If a
   * pool below its limits could serve them, Karpenter would have created a NodeClaim by now.
   */
  private static Stream<Finding.Builder> atLimit(EvidenceIndex evidence) {
    var waiting =
        evidence.list(Resources.PENDING_PODS).stream()
            .filter(pod -> !pod.waitsForAddress())
            .filter(pod -> NO_CAPACITY.contains(pod.scheduling().reason()))
            .filter(pod -> isBefore(pod.since(), CAPACITY, evidence))
            .toList();
    if (waiting.isEmpty()
        || !evidence.list(Resources.NODE_CLAIMS).isEmpty()
        || evidence.inventory().get(Resources.NODE_CLAIMS).isEmpty()
        || isKarpenterDown(evidence)) {
      return Stream.empty();
    }
    return evidence.list(Resources.NODE_POOLS).stream()
        .filter(pool -> !pool.reachedLimits().isEmpty())
        .map(pool -> atLimit(pool, waiting, evidence));
  }

  /** Then no NodeClaim is created, whatever the limits are. */
  private static boolean isKarpenterDown(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .anyMatch(component -> component.name().equals("karpenter") && component.ready() == 0);
  }

  private static Finding.Builder atLimit(
      NodePool pool, List<PendingPod> waiting, EvidenceIndex evidence) {
    var limits =
        new TreeMap<>(pool.reachedLimits())
            .entrySet().stream().map(limit -> limit.getKey() + " " + limit.getValue()).toList();
    return Finding.builder(RootCause.NODE_NOT_JOINING, scope(pool.name()), 80)
        .evidence(
            "the limits of the NodePool leave no room for another node: %s in use"
                .formatted(FindingText.list(limits)))
        .evidence(
            "%d pods wait for a node: \"%s\""
                .formatted(waiting.size(), waiting.get(0).scheduling().message()))
        .supportedBy(evidence.inventory(), Resources.NODE_POOLS, Resources.PENDING_PODS)
        .excludes("not EC2: Karpenter requests no instance")
        .fix(
            "kubectl describe nodepool " + pool.name(),
            "raise spec.limits of the NodePool, or lower the requests of the pods");
  }

  /** The node object exists, and its kubelet never reported a status. */
  private static Stream<Finding.Builder> neverReady(EvidenceIndex evidence) {
    var nodes =
        evidence.list(Resources.NOT_READY_NODES).stream()
            .filter(node -> node.reason() == NotReadyReason.STATUS_NEVER_UPDATED)
            .filter(node -> isBefore(node.since(), START, evidence))
            .map(NotReadyNode::name)
            .toList();
    if (nodes.isEmpty()) {
      return Stream.empty();
    }
    var instance = evidence.node(nodes.get(0)).map(KubeNode::instanceId).orElse("$INSTANCE");
    return Stream.of(
        steps(
            Finding.builder(RootCause.NODE_NOT_JOINING, evidence.scope(nodes), 85)
                .evidence(
                    "the kubelet never reported the status of %s"
                        .formatted(FindingText.list(nodes)))
                .supportedBy(evidence.inventory(), Resources.NOT_READY_NODES, Resources.NODES)
                .excludes("not a node that starts: it is older than 5 minutes"),
            instance));
  }

  private static Finding.Builder steps(Finding.Builder found, String instance) {
    return found.fix(
        "aws ec2 get-console-output --latest --output text --instance-id " + instance,
        "read the log of nodeadm and kubelet on the instance: aws ssm start-session --target "
            + instance,
        "check that its IAM role has an access entry of type EC2_LINUX or EC2_WINDOWS, or a line in"
            + " the ConfigMap aws-auth",
        "check that its subnet has a route to the API server of the cluster, and that the security"
            + " groups allow port 443 to it",
        "check its image and user data: they must name this cluster");
  }
}
