package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.util.stream.Stream;

/**
 * R55: the prober itself lacks rights, or most of its agents; what it cannot see is unknown, not
 * broken.
 */
final class ProberTrouble implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return Stream.concat(denied(evidence), agents(evidence));
  }

  private static Stream<Finding> denied(Evidence evidence) {
    var parts =
        evidence.inventory().parts().stream()
            .filter(part -> isDenied(part, evidence))
            .map(Resource::name)
            .toList();
    if (parts.isEmpty()) {
      return Stream.empty();
    }
    var first =
        evidence.inventory().parts().stream()
            .filter(part -> isDenied(part, evidence))
            .findFirst()
            .flatMap(part -> evidence.inventory().known(part).lack())
            .orElseThrow();
    return FindingBuilder.of(RootCause.PROBER_TROUBLE, "permissions", 90)
        .seen("eksnet may not read " + FindingText.list(parts))
        .seen("the API says: " + first.detail())
        .excludes("no fault of the cluster: what depends on these is unknown")
        .fix(
            "give the controller the policy of k8s/iam-policy.json, filled in, and the rules of"
                + " k8s/rbac.yaml")
        .stream();
  }

  private static boolean isDenied(Resource<?> part, Evidence evidence) {
    return evidence
        .inventory()
        .known(part)
        .lack()
        .filter(lack -> lack.why() == Unavailable.Why.DENIED)
        .isPresent();
  }

  private static Stream<Finding> agents(Evidence evidence) {
    var desired = evidence.inventory().get(Resources.AGENTS).map(AgentFleet::desired).orElse(0);
    if (desired == 0 || evidence.agents().size() * 2 >= desired) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.PROBER_TROUBLE, "agents", 90)
        .seen("%d of %d agents are heard of".formatted(evidence.agents().size(), desired))
        .supportedBy(evidence, Resources.AGENTS)
        .excludes("no fault of what they would probe: that is unknown")
        .fix(
            "kubectl get pods -l app.kubernetes.io/name=eksnet -o wide",
            "see whether the controller reaches the agents at their port")
        .stream();
  }
}
