package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.ComputeType;
import io.eksnet.core.inventory.KubeNode;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.SandboxFailure;
import io.eksnet.core.inventory.SandboxFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** R45: the address manager of a node does not answer, and the node is older than 3 minutes. */
final class IpamdDown implements Rule {
  private static final Duration STARTING = Duration.ofMinutes(3);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.agents().stream()
        .filter(agent -> agent.host().ipamd().equals(Optional.of(false)))
        .filter(agent -> mustHaveOne(agent.node(), evidence))
        .flatMap(agent -> finding(agent.node(), evidence));
  }

  /** Without the nodes it is unknown which of them are young. */
  private static boolean mustHaveOne(String node, Evidence evidence) {
    return evidence.inventory().get(Parts.NODES).stream()
        .anyMatch(all -> all.stream().noneMatch(known -> hasNoneYet(known, node, evidence)));
  }

  private static boolean hasNoneYet(KubeNode known, String node, Evidence evidence) {
    return known.name().equals(node)
        && (known.computeType() != ComputeType.EC2
            || known.created().plus(STARTING).isAfter(evidence.now()));
  }

  private static Stream<Finding> finding(String node, Evidence evidence) {
    var failures =
        new AddressView(evidence)
            .failures(SandboxFailure.IPAMD_UNREACHABLE).stream()
                .filter(f -> f.node().equals(node))
                .mapToLong(SandboxFailures::count)
                .sum();
    var draft =
        Draft.of(RootCause.IPAMD_DOWN, "node/" + node, 90)
            .seen("aws-node on %s does not answer at port 61678".formatted(node))
            .supportedBy(evidence, Parts.NODES)
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
