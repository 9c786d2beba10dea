package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R45: the address manager of a node does not answer, and the node is older than 3 minutes. Where
 * none of several answers, its metrics may be off or kept from us: then sandboxes must have failed
 * on the node as well.
 */
final class IpamdDown implements Rule {
  private static final Duration STARTING = Duration.ofMinutes(3);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var nodes = evidence.inventory().get(Resources.NODES);
    if (nodes.isEmpty()) {
      return Stream.empty(); // it is unknown which of them are young
    }
    var without = named(nodes.get(), node -> node.computeType() != ComputeType.EC2);
    var young = named(nodes.get(), node -> node.created().plus(STARTING).isAfter(evidence.now()));
    var asked =
        evidence.agents().stream()
            .filter(agent -> agent.host().ipamd().isPresent())
            .filter(agent -> !without.contains(agent.node()))
            .toList();
    var failures = failures(evidence);
    var telling = isTelling(asked, evidence);
    return asked.stream()
        .filter(agent -> !answers(agent))
        .map(AgentReport::node)
        .filter(node -> !young.contains(node) && (telling || failures.containsKey(node)))
        .flatMap(node -> finding(node, failures.getOrDefault(node, 0L), evidence));
  }

  private static Set<String> named(List<KubeNode> nodes, Predicate<KubeNode> so) {
    return nodes.stream().filter(so).map(KubeNode::name).collect(Collectors.toSet());
  }

  /** Whether silence alone is enough: where it is up, it is heard here. */
  private static boolean isTelling(List<AgentReport> asked, Evidence evidence) {
    var lack = evidence.inventory().known(Resources.CNI_SETTINGS).lack().map(Unavailable::why);
    return !lack.equals(Optional.of(Unavailable.Why.ABSENT))
        && (asked.size() == 1 || asked.stream().anyMatch(IpamdDown::answers));
  }

  private static boolean answers(AgentReport agent) {
    return agent.host().ipamd().equals(Optional.of(true));
  }

  /** How many sandboxes failed for want of it lately, by node. */
  private static Map<String, Long> failures(Evidence evidence) {
    return new AddressView(evidence)
        .failures(SandboxFailure.IPAMD_UNREACHABLE).stream()
            .collect(
                Collectors.groupingBy(
                    SandboxFailures::node, Collectors.summingLong(SandboxFailures::count)));
  }

  private static Stream<Finding> finding(String node, long failures, Evidence evidence) {
    var draft =
        FindingBuilder.of(RootCause.IPAMD_DOWN, "node/" + node, 90)
            .seen("aws-node on %s does not answer at port 61678".formatted(node))
            .supportedBy(evidence, Resources.NODES)
            .excludes("not a node that is starting: it is older than 3 minutes")
            .fix(
                "kubectl -n kube-system logs of aws-node on " + node,
                "restart its pod; see whether the security group of the node admits 61678");
    if (failures > 0) {
      draft.seen("%d pod sandboxes failed there with AddNetwork errors".formatted(failures));
    }
    return draft.stream();
  }
}
