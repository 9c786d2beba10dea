package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.stream.Stream;

/**
 * R16: a VPC endpoint for STS with private DNS is there, and its name resolves to public addresses.
 */
final class EndpointPrivateDnsBroken implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var endpoint = Endpoints.of("sts", evidence).filter(VpcEndpoint::privateDns);
    var sts = StsView.of(evidence);
    var nodes = sts.resolves(false);
    if (endpoint.isEmpty() || nodes.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.ENDPOINT_PRIVATE_DNS_BROKEN, "vpc_endpoint/sts", 80)
        .seen("%s is available and has private DNS".formatted(endpoint.get().id()))
        .seen("the name of STS resolves to public addresses on " + FindingText.list(nodes))
        .supportedBy(evidence, Resources.VPC_ENDPOINTS)
        .excludes("not the endpoint itself: it is available")
        .fix(
            "see that enableDnsHostnames and enableDnsSupport of the VPC are on",
            "see whether a resolver rule or a private hosted zone takes the name",
            "see that the endpoint is in this VPC; ignore this where you run a DNS of your own")
        .stream();
  }
}
