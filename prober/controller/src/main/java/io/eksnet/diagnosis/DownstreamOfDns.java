package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** R15: STS is out of reach because its name does not resolve, and the reason is one of DNS. */
final class DownstreamOfDns implements Rule {
  private static final Set<RootCause> DNS =
      Set.of(
          RootCause.COREDNS_FARGATE_NOT_ADMITTED,
          RootCause.COREDNS_UNSCHEDULABLE,
          RootCause.COREDNS_NOT_READY,
          RootCause.SERVICE_PATH_BROKEN,
          RootCause.DNS_PORT_BLOCKED,
          RootCause.COREDNS_REPLICA_SICK,
          RootCause.VPC_RESOLVER_FAILING,
          RootCause.COREDNS_FORWARD_BROKEN);

  private final List<Rule> causes;

  /**
   * @param causes the rules that find what is wrong with DNS
   */
  DownstreamOfDns(List<Rule> causes) {
    this.causes = List.copyOf(causes);
  }

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var sts = StsView.of(evidence);
    var nodes = sts.doesNotResolve();
    if (nodes.isEmpty()) {
      return Stream.empty();
    }
    var active =
        causes.stream()
            .flatMap(rule -> rule.apply(evidence))
            .map(Finding::cause)
            .filter(DNS::contains)
            .map(RootCause::label)
            .distinct()
            .toList();
    if (active.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.DOWNSTREAM_OF_DNS, "sts", 95)
        .seen(
            "the name of STS does not resolve on %s"
                .formatted(FindingText.share(nodes, sts.seen().nodes())))
        .seen("it follows from " + String.join(", ", active))
        .excludes("not IAM: no request reached STS")
        .fix("repair DNS; credentials come back by themselves")
        .stream();
  }
}
