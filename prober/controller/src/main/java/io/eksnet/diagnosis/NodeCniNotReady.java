package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R70: nodes are not ready because their CNI is not initialized: it wrote no configuration. One
 * finding for all of them, as they have the CNI in common.
 */
final class NodeCniNotReady implements DiagnosisRule {
  /** The VPC CNI writes its configuration when ipamd has started, after its image was pulled. */
  private static final Duration NODE_START = Duration.ofMinutes(3);

  private static final String AWS_NODE = "aws-node";

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var nodes = nodes(evidence).toList();
    return nodes.isEmpty() ? Stream.empty() : Stream.of(finding(nodes, evidence));
  }

  /** The names of the nodes of the finding. */
  static Set<String> names(EvidenceIndex evidence) {
    return nodes(evidence).map(NotReadyNode::name).collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<NotReadyNode> nodes(EvidenceIndex evidence) {
    return evidence.list(Resources.NOT_READY_NODES).stream()
        .filter(node -> node.reason() == NotReadyReason.CNI_NOT_INITIALIZED)
        .filter(node -> node.since().plus(NODE_START).isBefore(evidence.now()));
  }

  private static Finding finding(List<NotReadyNode> nodes, EvidenceIndex evidence) {
    var names = nodes.stream().map(NotReadyNode::name).toList();
    var all =
        evidence.list(Resources.NODES).stream()
            .filter(node -> node.computeType() != ComputeType.FARGATE)
            .map(KubeNode::name)
            .toList();
    var awsNode =
        evidence.list(Resources.COMPONENTS).stream()
            .filter(component -> component.name().equals(AWS_NODE))
            .findFirst();
    var missing = isMissing(awsNode, nodes, evidence);
    var found =
        Finding.builder(RootCause.NODE_CNI_NOT_READY, evidence.scope(names), 95)
            .evidence(
                "%s are not ready: \"%s\""
                    .formatted(FindingText.namedShare(names, all), nodes.get(0).message()))
            .evidenceIf(missing, "the cluster has no DaemonSet aws-node")
            .evidenceIf(
                awsNode.filter(Component::isUnhealthy).isPresent(),
                awsNode.map(NodeCniNotReady::describe).orElse(""))
            .supportedBy(evidence.inventory(), Resources.NOT_READY_NODES, Resources.NODES)
            .excludes("not nodes that are starting: they are not ready for more than 3 minutes")
            .explainsIf(!coreDnsWaitsForSomethingElse(evidence));
    if (missing) {
      found.fix(
          "install the EKS add-on vpc-cni, or the CNI that this cluster is to use",
          "aws eks describe-addon-versions --addon-name vpc-cni --query"
              + " 'addons[0].addonVersions[0].addonVersion'");
    } else if (isAbsent(awsNode, evidence)) {
      found.fix(
          "kubectl get pods --all-namespaces -o wide --field-selector spec.nodeName="
              + names.get(0),
          "read the log of the CNI's pod on %s; if it has none there, check the node affinity and"
                  .formatted(names.get(0))
              + " tolerations of its DaemonSet");
    } else {
      found.fix(
          "kubectl -n kube-system get pods -o wide --field-selector spec.nodeName=" + names.get(0),
          "kubectl -n kube-system logs -l k8s-app=aws-node -c aws-node --prefix --tail=50: the CNI"
              + " is initialized when ipamd has started",
          "if aws-node has no pod on the node, check its node affinity and tolerations");
    }
    return found
        .fix(
            "do not tolerate the taint node.kubernetes.io/not-ready: pods get no network on such a"
                + " node")
        .build();
  }

  /**
   * Whether the cluster has no CNI: the VPC CNI is absent, and no EC2 node is initialized. With
   * another CNI other nodes are ready.
   */
  private static boolean isMissing(
      Optional<Component> awsNode, List<NotReadyNode> nodes, EvidenceIndex evidence) {
    var failing = nodes.stream().map(NotReadyNode::name).collect(Collectors.toUnmodifiableSet());
    var ec2 =
        evidence.list(Resources.NODES).stream()
            .filter(node -> node.computeType() == ComputeType.EC2)
            .map(KubeNode::name)
            .toList();
    return isAbsent(awsNode, evidence) && !ec2.isEmpty() && failing.containsAll(ec2);
  }

  private static boolean isAbsent(Optional<Component> awsNode, EvidenceIndex evidence) {
    return awsNode.isEmpty() && evidence.inventory().snapshot(Resources.COMPONENTS).fresh();
  }

  private static String describe(Component awsNode) {
    return awsNode.crashLoop()
        ? "aws-node is in CrashLoopBackOff, %d of %d pods are ready: \"%s\""
            .formatted(awsNode.ready(), awsNode.desired(), awsNode.message())
        : "%d of %d pods of aws-node are ready".formatted(awsNode.ready(), awsNode.desired());
  }

  /** CoreDNS pods that no node has room for are no consequence. */
  private static boolean coreDnsWaitsForSomethingElse(EvidenceIndex evidence) {
    return evidence.list(Resources.DNS_PODS).stream()
        .map(DnsPod::scheduling)
        .filter(scheduling -> !scheduling.scheduled())
        .anyMatch(
            scheduling ->
                scheduling.reason() != UnschedulableReason.NODES_NOT_READY
                    && scheduling.reason() != UnschedulableReason.NONE);
  }
}
