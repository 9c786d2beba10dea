package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.stream.Stream;

/** R17: STS resolves to private addresses, and no connection to them comes about. */
final class EndpointUnreachable implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var sts = StsView.of(evidence);
    var privately = sts.resolves(true);
    var nodes = sts.connectTimesOut().stream().filter(privately::contains).toList();
    if (nodes.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.ENDPOINT_UNREACHABLE, "vpc_endpoint/sts", 85)
        .seen(
            "connections to STS time out on %s (%s), its name resolves to private addresses"
                .formatted(FindingText.share(nodes, sts.seen().nodes()), FindingText.list(nodes)))
        .excludes("not DNS: the name resolves")
        .excludes("not IAM: no request reached STS")
        .fix(
            "allow port 443 from the security groups of nodes and pods in that of the endpoint",
            "see that the endpoint has a subnet in each zone")
        .explains(RootCause.INGRESS_RECONCILE_FAILING)
        .stream();
  }
}
