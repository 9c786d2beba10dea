package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.stream.Stream;

/** R44: AWS refuses the CNI of nodes what it must do to get addresses. */
final class CniPermissionMissing implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var refused = new AddressView(evidence).refusedWith("UnauthorizedOperation", "AccessDenied");
    if (refused.isEmpty()) {
      return Stream.empty();
    }
    var nodes = refused.stream().map(AgentReport::node).toList();
    var calls =
        refused.stream()
            .flatMap(agent -> agent.host().pool().orElseThrow().errors().keySet().stream())
            .filter(
                error ->
                    error.endsWith("/UnauthorizedOperation") || error.endsWith("/AccessDenied"))
            .distinct()
            .toList();
    return FindingBuilder.of(RootCause.CNI_PERMISSION_MISSING, "cluster", 95)
        .seen(
            "AWS refuses the CNI on %s: %s"
                .formatted(FindingText.list(nodes), FindingText.list(calls)))
        .excludes("not the subnets: AWS refuses before it looks at them")
        .fix(
            "attach AmazonEKS_CNI_Policy to the role of aws-node, or of the nodes",
            "restart aws-node on these nodes")
        .stream();
  }
}
