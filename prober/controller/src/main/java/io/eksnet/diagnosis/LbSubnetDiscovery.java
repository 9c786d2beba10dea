package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R35: the subnets that a controller may use for a load balancer, after it reported that it finds
 * none. Its word counts more than route tables: the AWS Load Balancer Controller before 2.12.1
 * knows tags only, and later versions use routes where no subnet has the tag.
 *
 * @param minZones the number of zones in which the load balancer needs a subnet
 * @param last the failed reconcile
 */
record LbSubnetDiscovery(Scheme scheme, int minZones, Reconcile last, EvidenceIndex evidence) {
  /** The controller searches for these values of the role tag (LBC subnet_resolver.go). */
  private static final Set<String> ROLE_VALUES = Set.of("", "1");

  /** Whether too few subnets carry the role tag; true if that is unknown. */
  boolean areLacking() {
    return evidence.inventory().get(Resources.LB_SUBNETS).isEmpty()
        || evidence.inventory().get(Resources.SUBNETS).isEmpty()
        || zones(tagged()) < minZones
        || mixLocalZones();
  }

  private boolean mixLocalZones() {
    return last.message().contains("multiple locales")
        && candidates().anyMatch(one -> one.reason() == IneligibleReason.LOCAL_ZONE);
  }

  Finding.Builder finding(String scope) {
    var tagged = tagged();
    var eligible = candidates().filter(Eligibility::eligible).toList();
    var rejected = candidates().filter(candidate -> !candidate.eligible()).toList();
    return Finding.builder(RootCause.LB_SUBNETS_NOT_DISCOVERABLE, scope, 95)
        .evidence("%s: \"%s\"".formatted(last.reason(), last.message()))
        .evidenceIf(
            evidence.inventory().get(Resources.LB_SUBNETS).isPresent(),
            "subnets in %d zones are eligible (%s); rejected: %s"
                .formatted(
                    zones(tagged),
                    scheme.label(),
                    rejected.isEmpty()
                        ? "none"
                        : FindingText.list(
                            rejected.stream()
                                .map(one -> one.subnetId() + " " + one.reason().label())
                                .toList())))
        .evidenceIf(
            eligible.size() > tagged.size(),
            "%d subnets have the right routes and no tag %s: the controller uses routes since"
                    .formatted(eligible.size() - tagged.size(), roleTag())
                + " version 2.12.1, and only with permission to read route tables")
        .supportedBy(evidence.inventory(), Resources.LB_SUBNETS, Resources.SUBNETS)
        .fix(
            steps(tagged, Stream.concat(rejected.stream(), wrongValues(eligible, tagged)).toList())
                .toArray(String[]::new));
  }

  private static long zones(List<Eligibility> candidates) {
    return candidates.stream().map(Eligibility::zone).distinct().count();
  }

  private String roleTag() {
    return scheme == Scheme.INTERNAL ? "kubernetes.io/role/internal-elb" : "kubernetes.io/role/elb";
  }

  private Stream<Eligibility> candidates() {
    return evidence.list(Resources.LB_SUBNETS).stream()
        .filter(candidate -> candidate.scheme() == scheme);
  }

  /** Eligible subnets, without those that only a route table makes eligible. */
  private List<Eligibility> tagged() {
    var eligible = candidates().filter(Eligibility::eligible).toList();
    return evidence
        .inventory()
        .get(Resources.SUBNETS)
        .map(this::withRole)
        .map(ids -> eligible.stream().filter(one -> ids.contains(one.subnetId())).toList())
        .orElse(eligible);
  }

  private Set<String> withRole(List<Subnet> subnets) {
    return subnets.stream()
        .filter(subnet -> ROLE_VALUES.contains(subnet.tags().getOrDefault(roleTag(), "no")))
        .map(Subnet::id)
        .collect(Collectors.toSet());
  }

  /** Subnets that only routes make eligible, and whose role tag has a value that does not count. */
  private Stream<Eligibility> wrongValues(List<Eligibility> eligible, List<Eligibility> tagged) {
    var byId = evidence.byKey(Resources.SUBNETS, Subnet::id);
    return eligible.stream()
        .filter(one -> !tagged.contains(one))
        .filter(
            one ->
                Optional.ofNullable(byId.get(one.subnetId()))
                    .filter(subnet -> subnet.tags().containsKey(roleTag()))
                    .isPresent())
        .map(
            one -> new Eligibility(scheme, one.subnetId(), one.zone(), IneligibleReason.TAG_VALUE));
  }

  /** Subnets with the tag that are rejected need what they lack, not the tag. */
  private List<String> steps(List<Eligibility> tagged, List<Eligibility> rejected) {
    var tag = roleTag();
    var repairable =
        rejected.stream()
            .filter(one -> one.reason() != IneligibleReason.NO_ROLE_TAG)
            .filter(one -> one.reason() != IneligibleReason.ZONE_TAKEN)
            .toList();
    var steps = new ArrayList<String>();
    if (zones(Stream.concat(tagged.stream(), repairable.stream()).toList()) < minZones) {
      steps.add(
          minZones == 1
              ? "tag a subnet with %s, value 1 or empty: %s".formatted(tag, tag(List.of("SUBNET")))
              : "tag at least two subnets in different zones with %s, value 1 or empty: %s"
                  .formatted(tag, tag(List.of("SUBNET_1", "SUBNET_2"))));
    }
    var wrongValue = subnets(repairable, IneligibleReason.TAG_VALUE);
    if (!wrongValue.isEmpty()) {
      steps.add(
          "set the value of %s to 1 on %s: %s"
              .formatted(tag, FindingText.list(wrongValue), tag(wrongValue)));
    }
    addStep(
        steps,
        repairable,
        IneligibleReason.OTHER_CLUSTER_TAG,
        "remove the tags kubernetes.io/cluster/<other cluster> from %s, or add that of this"
            + " cluster");
    addStep(
        steps,
        repairable,
        IneligibleReason.LOCAL_ZONE,
        "remove the tag " + tag + " from %s, which are in local zones");
    addStep(steps, repairable, IneligibleReason.FEW_IPS, "free at least 8 addresses in each of %s");
    steps.add("set the tags in Terraform as well, or the next apply removes them");
    return steps;
  }

  private static void addStep(
      List<String> steps, List<Eligibility> rejected, IneligibleReason reason, String step) {
    var ids = subnets(rejected, reason);
    if (!ids.isEmpty()) {
      steps.add(step.formatted(FindingText.list(ids)));
    }
  }

  private static List<String> subnets(List<Eligibility> rejected, IneligibleReason reason) {
    return rejected.stream()
        .filter(one -> one.reason() == reason)
        .map(Eligibility::subnetId)
        .toList();
  }

  private String tag(List<String> subnets) {
    return AwsCommand.of(evidence.inventory())
        .of(
            "ec2 create-tags",
            "--resources %s --tags Key=%s,Value=1".formatted(String.join(" ", subnets), roleTag()));
  }
}
