package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import java.util.stream.Stream;

/** R47: pods with security groups of their own get no branch interface. */
final class BranchEniLimit implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var failures = new AddressView(evidence).failures(SandboxFailure.BRANCH_ENI);
    if (failures.isEmpty()) {
      return Stream.empty();
    }
    var nodes = failures.stream().map(SandboxFailures::node).distinct().toList();
    return FindingBuilder.of(RootCause.BRANCH_ENI_LIMIT, "cluster", 85)
        .seen(
            "%d pods got no branch interface, the last within 5 minutes, on %s"
                .formatted(
                    failures.stream().mapToLong(SandboxFailures::count).sum(),
                    FindingText.list(nodes)))
        .supportedBy(evidence, Resources.SANDBOX_FAILURES, Resources.SECURITY_GROUP_POLICIES)
        .fix(
            "see the events of the VPC resource controller: BranchAllocationFailed and its reason",
            "use instance types with more branch interfaces, or fewer such pods a node",
            "see that the cluster role has AmazonEKSVPCResourceController")
        .stream();
  }
}
