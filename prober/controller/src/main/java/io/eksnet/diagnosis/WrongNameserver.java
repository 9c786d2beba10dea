package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Optional;
import java.util.stream.Stream;

/** R12: resolv.conf of pods names neither kube-dns nor NodeLocal DNSCache. */
final class WrongNameserver implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var wrong =
        evidence.agents().stream()
            .filter(agent -> agent.host().nameserversOk().equals(Optional.of(false)))
            .map(AgentReport::node)
            .toList();
    if (wrong.isEmpty()) {
      return Stream.empty();
    }
    return FindingBuilder.of(RootCause.WRONG_NAMESERVER, "cluster", 90)
        .seen(
            "resolv.conf names other servers than kube-dns and NodeLocal on "
                + FindingText.list(wrong))
        .fix(
            "see clusterDNS in the kubelet configuration of these nodes",
            "replace nodes that were started with a wrong one")
        .stream();
  }
}
