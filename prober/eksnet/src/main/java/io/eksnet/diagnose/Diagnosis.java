package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The decision table. */
public final class Diagnosis {
  private static final List<Rule> DNS =
      List.of(
          new CoreDnsFargateNotAdmitted(),
          new CoreDnsUnschedulable(),
          new CoreDnsNotReady(),
          new ServicePathBroken(),
          new DnsPortBlocked(),
          new CoreDnsReplicaSick(),
          new VpcResolverFailing(),
          new CoreDnsForwardBroken(),
          new LinkLocalThrottled(),
          new DnsPacketLoss(),
          new DnsWrongName(),
          new WrongNameserver(),
          new NodeLocalDnsDown(),
          new DnsTcpBlocked());

  private static final List<Rule> RULES =
      Stream.of(DNS, List.<Rule>of(new DownstreamOfDns(DNS))).flatMap(List::stream).toList();

  private Diagnosis() {}

  /** All that is wrong, causes before what they explain, in the order of the rules. */
  public static List<Finding> of(Evidence evidence) {
    return RULES.stream()
        .flatMap(rule -> rule.apply(evidence))
        .sorted(Comparator.comparing(Finding::cause).thenComparing(Finding::scope))
        .toList();
  }
}
