package io.eksnet.diagnosis;

import static java.util.stream.Collectors.joining;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** R15: the name of STS does not resolve, because of a DNS cause that was found. */
final class DownstreamOfDns {
  private static final Set<RootCause> DNS_CAUSES =
      Set.of(
          RootCause.COREDNS_FARGATE_NOT_ADMITTED,
          RootCause.COREDNS_UNSCHEDULABLE,
          RootCause.COREDNS_NOT_READY,
          RootCause.COREDNS_FAILING,
          RootCause.SERVICE_PATH_BROKEN,
          RootCause.DNS_PORT_BLOCKED,
          RootCause.COREDNS_REPLICA_SICK,
          RootCause.VPC_RESOLVER_FAILING,
          RootCause.COREDNS_FORWARD_BROKEN);

  private DownstreamOfDns() {}

  /**
   * @param found the causes that the rules found
   */
  static Stream<Finding> apply(EvidenceIndex evidence, Set<RootCause> found) {
    var nodes = evidence.sts().doesNotResolve();
    var causes = EnumSet.copyOf(DNS_CAUSES);
    causes.retainAll(found);
    if (nodes.isEmpty() || causes.isEmpty()) {
      return Stream.empty();
    }
    return Stream.of(
        Finding.builder(RootCause.DOWNSTREAM_OF_DNS, "sts", 95)
            .evidence(
                "the name of STS does not resolve on "
                    + FindingText.share(nodes, evidence.sts().all().nodes()))
            .evidence(
                "it is a consequence of "
                    + causes.stream().map(RootCause::label).collect(joining(", ")))
            .excludes("not IAM: no request reached STS")
            .fix("fix DNS first; credentials recover without further steps")
            .build());
  }
}
