package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.stream.Stream;

/** R18: STS resolves to public addresses, and no connection to them comes about. */
final class NoEgress implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var sts = StsView.of(evidence);
    var publicly = sts.resolves(false);
    var nodes = sts.connectTimesOut().stream().filter(publicly::contains).toList();
    if (nodes.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.NO_EGRESS, "cluster", 80)
        .seen(
            "connections to STS time out on %s (%s), its name resolves to public addresses"
                .formatted(FindingText.share(nodes, sts.seen().nodes()), FindingText.list(nodes)))
        .excludes("not DNS: the name resolves")
        .excludes("not IAM: no request reached STS")
        .fix(
            "see that the route table of the subnets leads to a NAT gateway that works",
            "or add a VPC endpoint for STS with private DNS")
        .explains(RootCause.INGRESS_RECONCILE_FAILING)
        .stream();
  }
}
