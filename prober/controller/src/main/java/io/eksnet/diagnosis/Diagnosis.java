package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds root causes: a pure function of the evidence. */
public final class Diagnosis {
  private static final List<DiagnosisRule> RULES =
      List.of(
          new CoreDnsUnschedulable(),
          new CoreDnsUnhealthy(),
          new DnsPathBroken(),
          new UpstreamDnsFailing(),
          new DnsPacketsDropped(),
          new DnsMisconfigured(),
          new EndpointUnreachable(),
          new ComponentCredentials(),
          new PodIdentityAgentDown(),
          new TargetMisconfigured(),
          new TargetUnreachable(),
          new NetworkPolicyBlocks(),
          new NaclBlocks(),
          new EgressBroken(),
          new EndpointZoneMissing(),
          new LoadBalancerErrors(),
          new LbAddressFailing(),
          new ReadinessGateStuck(),
          new LbCertificate(),
          new IngressNotReconciled(),
          new ServiceNotReconciled(),
          new BindingNotReconciled(),
          new GatewayNotReconciled(),
          new GatewayClassMissing(),
          new GatewayNotProgrammed(),
          new RouteNotAttached(),
          new ControllerDown(),
          new QuotaExceeded(),
          new WebhookFailing(),
          new AwsApiUnreachable(),
          new ImagePullBlocked(),
          new LbProvisioning(),
          new IngressDnsMismatch(),
          new ZoneOrNodePartition(),
          new SlowPaths(),
          new SubnetFull(),
          new InstanceSubnetFull(),
          new NodeCniNotReady(),
          new SandboxFailing(),
          new NodeAddressesUnavailable(),
          new PodSlotsFull(),
          new NodeClassNotReady(),
          new NodeNotJoining(),
          new AddonUnhealthy(),
          new ExtendedSupport(),
          new ProberTrouble());

  private Diagnosis() {}

  /** The findings, one per cause and scope, in the order of {@link RootCause}. */
  public static List<Finding> of(Evidence evidence) {
    var index = new EvidenceIndex(evidence);
    var direct = RULES.stream().flatMap(rule -> rule.apply(index)).toList();
    var downstream = DownstreamOfDns.apply(index, causes(direct));
    var findings = new LinkedHashMap<Key, Finding>();
    Stream.concat(direct.stream(), downstream)
        .forEach(finding -> findings.merge(Key.of(finding), finding, Diagnosis::moreConfident));
    return findings.values().stream()
        .sorted(Comparator.comparing(Finding::cause).thenComparing(Finding::scope))
        .toList();
  }

  /**
   * The findings of one run from one node. Other nodes may see other results, so findings that
   * depend on probes have less confidence; so have findings that must last before they are
   * reported.
   */
  public static List<Finding> ofSingleRun(Evidence evidence) {
    var withoutProbes = of(new Evidence(evidence.now(), evidence.inventory(), List.of()));
    return of(evidence).stream()
        .map(
            finding ->
                finding.holdFor().isZero()
                        && withoutProbes.stream().anyMatch(other -> confirms(other, finding))
                    ? finding
                    : finding.with(finding.confidence().without(1)))
        .toList();
  }

  private static boolean confirms(Finding other, Finding finding) {
    return Key.of(other).equals(Key.of(finding))
        && other.confidence().percent() >= finding.confidence().percent();
  }

  private static Finding moreConfident(Finding one, Finding other) {
    return other.confidence().percent() > one.confidence().percent() ? other : one;
  }

  private static Set<RootCause> causes(List<Finding> findings) {
    return findings.stream().map(Finding::cause).collect(Collectors.toSet());
  }

  private record Key(RootCause cause, String scope) {
    static Key of(Finding finding) {
      return new Key(finding.cause(), finding.scope());
    }
  }
}
