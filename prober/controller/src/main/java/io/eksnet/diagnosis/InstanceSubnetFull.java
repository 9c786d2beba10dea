package io.eksnet.diagnosis;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R41: EC2 does not launch instances because a subnet has too few free addresses. The condition of
 * a NodeClaim names no subnet, an error of EC2 does: otherwise it is one of its node class.
 */
final class InstanceSubnetFull implements DiagnosisRule {
  private static final Pattern SUBNET_ID = Pattern.compile("subnet-[0-9a-z]+");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.list(Resources.NODE_CLAIMS).stream()
        .filter(claim -> !claim.isLaunched())
        .filter(claim -> claim.cause() == ReconcileCause.SUBNET_EXHAUSTED)
        .flatMap(
            claim -> subnets(claim, evidence).stream().map(subnet -> new Refusal(subnet, claim)))
        .collect(groupingBy(refusal -> refusal.subnet().id(), TreeMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(refusals -> finding(refusals, evidence));
  }

  private record Refusal(Subnet subnet, NodeClaim claim) {}

  /** Those that the message names; else the low ones of its node class, or the fullest of them. */
  private static List<Subnet> subnets(NodeClaim claim, EvidenceIndex evidence) {
    var named =
        SUBNET_ID
            .matcher(claim.pending().message())
            .results()
            .map(MatchResult::group)
            .collect(toSet());
    var ofClass =
        evidence.list(Resources.NODE_CLASSES).stream()
            .filter(one -> one.name().equals(claim.nodeClass()))
            .map(NodeClass::subnetIds)
            .flatMap(List::stream)
            .collect(toSet());
    var candidates =
        evidence.list(Resources.SUBNETS).stream()
            .filter(subnet -> (named.isEmpty() ? ofClass : named).contains(subnet.id()))
            .toList();
    if (!named.isEmpty()) {
      return candidates;
    }
    var low = candidates.stream().filter(PodAddresses::isLow).toList();
    return low.isEmpty()
        ? candidates.stream().min(comparing(Subnet::available)).stream().toList()
        : low;
  }

  private static Finding finding(List<Refusal> refusals, EvidenceIndex evidence) {
    var subnet = refusals.get(0).subnet();
    var claim = refusals.get(0).claim();
    return Finding.builder(
            RootCause.SUBNET_EXHAUSTED,
            "subnet/" + subnet.id(),
            PodAddresses.isLow(subnet) ? 95 : 70)
        .evidence(
            "EC2 does not launch %s: \"%s: %s\""
                .formatted(
                    FindingText.list(
                        refusals.stream().map(one -> "nodeclaim/" + one.claim().name()).toList()),
                    claim.pending().reason(),
                    claim.pending().message()))
        .evidence(
            "%d of %d addresses are free in %s (%s)"
                .formatted(subnet.available(), subnet.usable(), subnet.id(), subnet.zone()))
        .supportedBy(evidence.inventory(), Resources.NODE_CLAIMS, Resources.SUBNETS)
        .excludes("not a quota: EC2 names the addresses of the subnet")
        .fix(
            "let spec.subnetSelectorTerms of the node class %s select a subnet with free addresses"
                    .formatted(claim.nodeClass())
                + " in the same zone",
            "delete leaked network interfaces (status available, description aws-K8S-…)",
            "release warm addresses: set WARM_IP_TARGET and MINIMUM_IP_TARGET of aws-node")
        .build();
  }
}
