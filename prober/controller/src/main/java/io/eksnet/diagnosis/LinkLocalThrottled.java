package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/** R9: a node drops more packets to link-local services than a burst would explain. */
final class LinkLocalThrottled implements Rule {
  /** As the EKS node monitoring agent counts it: fewer are noise. */
  private static final long SPIKE = 100;

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.agents().stream()
        .filter(agent -> dropped(agent) > SPIKE)
        .flatMap(agent -> finding(agent, evidence));
  }

  private static long dropped(AgentReport agent) {
    return agent.host().allowances().getOrDefault("linklocal", 0L);
  }

  private static Stream<Finding> finding(AgentReport agent, Evidence evidence) {
    var hostsDns =
        evidence.inventory().list(Resources.DNS_PODS).stream()
            .anyMatch(pod -> pod.node().equals(agent.node()));
    var draft =
        FindingBuilder.of(RootCause.LINKLOCAL_THROTTLED, "node/" + agent.node(), 90)
            .seen(
                "%d packets to link-local services were dropped in 10 minutes on %s"
                    .formatted(dropped(agent), agent.node()))
            .supportedBy(evidence, Resources.DNS_PODS)
            .excludes("not CoreDNS: the packets do not leave its node")
            .fix(
                "spread more replicas of CoreDNS over more nodes",
                "run NodeLocal DNSCache",
                "set ndots to 2 where pods ask for many names outside of the cluster")
            .explains(
                RootCause.VPC_RESOLVER_FAILING,
                RootCause.DNS_PACKET_LOSS,
                RootCause.COREDNS_REPLICA_SICK);
    return (hostsDns ? draft.seen("CoreDNS runs on this node") : draft).stream();
  }
}
