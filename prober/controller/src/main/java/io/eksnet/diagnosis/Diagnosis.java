package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Comparator;
import java.util.LinkedHashMap;
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

  private static final List<Rule> CREDENTIALS =
      List.of(
          new DownstreamOfDns(DNS),
          new EndpointPrivateDnsBroken(),
          new EndpointUnreachable(),
          new NoEgress(),
          new CredentialsNotAssociated(),
          new PodIdentityAgentDown(),
          new RegionFromImds());

  private static final List<Rule> LOAD_BALANCERS =
      List.of(
          new TargetHealthCheckMismatch(),
          new SecurityGroupBlocksTarget(),
          new SecurityGroupBlocksHealthCheck(),
          new TargetHung(),
          new NaclOrRoute(),
          new TargetPortWrong(),
          new TargetProtocolMismatch(),
          new TargetGroupFailingOpen(),
          new RolloutWithoutDrain(),
          new KeepaliveShorterThanIdle(),
          new NoReadyEndpoints(),
          new TargetsNotRegistered(),
          new TargetZoneNotEnabled(),
          new ApplicationError(),
          new LbSubnetsNotDiscoverable(),
          new IngressClassMissing(),
          new IngressReconcileFailing(),
          new LbProvisioning(),
          new IngressDnsMismatch());

  private static final List<Rule> NODES =
      List.of(
          new ZoneOrNodePartition(),
          new SubnetExhausted(),
          new SubnetFragmented(),
          new InstanceAddressLimit(),
          new CniPermissionMissing(),
          new IpamdDown(),
          new PodSlotsFull(),
          new BranchEniLimit(),
          new WarmPoolHoldsAddresses(),
          new LeakedEnis(),
          new NodeClassUnrenderedTemplate(),
          new NodeClassSelectorMismatch(),
          new NodeClassPermissionMissing(),
          new ExtendedSupport(),
          new ProberTrouble());

  private static final List<Rule> RULES =
      Stream.of(DNS, CREDENTIALS, LOAD_BALANCERS, NODES).flatMap(List::stream).toList();

  private Diagnosis() {}

  /** All that is wrong, in the order of the table; one finding a cause and scope, the surest. */
  public static List<Finding> of(Evidence evidence) {
    var findings = new LinkedHashMap<Place, Finding>();
    RULES.stream()
        .flatMap(rule -> rule.apply(evidence))
        .forEach(
            finding ->
                findings.merge(
                    new Place(finding.cause(), finding.scope()), finding, Diagnosis::surer));
    return findings.values().stream()
        .sorted(Comparator.comparing(Finding::cause).thenComparing(Finding::scope))
        .toList();
  }

  private static Finding surer(Finding one, Finding other) {
    return other.confidence().percent() > one.confidence().percent() ? other : one;
  }

  private record Place(RootCause cause, String scope) {}
}
