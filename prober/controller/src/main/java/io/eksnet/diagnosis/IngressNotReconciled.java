package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Subnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** R35, R36, R37: no controller builds the load balancer of an Ingress, or it fails to. */
final class IngressNotReconciled implements DiagnosisRule {
  /** An Application Load Balancer needs subnets in two zones. */
  private static final int MIN_ZONES = 2;

  private static final Duration FIRST_EVENT = Duration.ofMinutes(1);

  /** By then the controller has retried after another rule's cause was fixed. */
  private static final Duration RETRY = Duration.ofMinutes(3);

  private static final Set<ReconcileCause> SUBNETS =
      EnumSet.of(ReconcileCause.SUBNET_DISCOVERY, ReconcileCause.SUBNET_EXHAUSTED);

  private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
  private static final String ALB_ANNOTATIONS = "alb.ingress.kubernetes.io/";
  private static final String SUBNETS_ANNOTATION = ALB_ANNOTATIONS + "subnets";

  /** The controller searches for these values of the role tag (LBC subnet_resolver.go). */
  private static final Set<String> ROLE_VALUES = Set.of("", "1");

  /** cert-manager creates these for a challenge, and removes them after it (HTTP01 solver). */
  private static final String ACME_SOLVER = "cm-acme-http-solver-";

  /** How the AWS Load Balancer Controller names the Ingress of a group at fault. */
  private static final Pattern CULPRIT = Pattern.compile("\\bingress: ([^\\s/]+/[^\\s:]+)");

  /** AWS: {@code is not authorized to perform: elasticloadbalancing:CreateRule}. */
  private static final Pattern ACTION = Pattern.compile("to perform: (\\S+)");

  /** An Ingress whose last reconcile failed. */
  private record Failure(KubeIngress ingress, Reconcile last) {
    private String name() {
      return ingress.namespace() + "/" + ingress.name();
    }

    private boolean isCulprit() {
      var named = CULPRIT.matcher(last.message());
      return named.find() && named.group(1).equals(name());
    }

    /**
     * What is the same for all Ingresses with the same fault: an action that the controller may not
     * call, subnets that it cannot find, or the group, which fails as a whole.
     */
    private String fault() {
      return switch (last.cause()) {
        case IAM -> {
          var action = ACTION.matcher(last.message());
          yield "iam " + (action.find() ? action.group(1) : "");
        }
        case CREDENTIALS, THROTTLED -> last.cause().label();
        case SUBNET_DISCOVERY ->
            namesSubnets(ingress) ? name() : "subnets " + ingress.scheme().label();
        default -> ingress.group().isEmpty() ? name() : "group " + ingress.group();
      };
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(classMissing(evidence), reconcileFailing(evidence));
  }

  private static String scope(KubeIngress ingress) {
    return "ingress/" + ingress.namespace() + "/" + ingress.name();
  }

  private static Stream<Finding> classMissing(EvidenceIndex evidence) {
    return evidence.inventory().get(Resources.INGRESS_CLASSES).stream()
        .flatMap(
            classes ->
                evidence.list(Resources.INGRESSES).stream()
                    .filter(ingress -> ingress.reconcile().isEmpty())
                    .filter(ingress -> ingress.addresses().isEmpty())
                    .filter(ingress -> ingress.created().plus(FIRST_EVENT).isBefore(evidence.now()))
                    .filter(ingress -> lacksClass(ingress, classes))
                    .map(ingress -> classMissing(ingress, classes, evidence)));
  }

  /**
   * Whether no controller handles an Ingress. The annotation needs no IngressClass: its controller
   * may be one that publishes no address. An Ingress without a class belongs to any controller that
   * takes such; it lacks one for certain if it has annotations for load balancers of AWS, or if
   * there is no other controller.
   */
  private static boolean lacksClass(KubeIngress ingress, List<IngressClass> classes) {
    if (ingress.name().startsWith(ACME_SOLVER)
        || ingress.className().equals(ingress.annotations().get(CLASS_ANNOTATION))) {
      return false;
    }
    if (!ingress.className().isEmpty()) {
      return classes.stream().noneMatch(one -> one.name().equals(ingress.className()));
    }
    return classes.stream().noneMatch(IngressClass::isDefault)
        && (classes.stream().allMatch(IngressClass::isAlb)
            || ingress.annotations().keySet().stream()
                .anyMatch(key -> key.startsWith(ALB_ANNOTATIONS)));
  }

  private static Finding classMissing(
      KubeIngress ingress, List<IngressClass> classes, EvidenceIndex evidence) {
    return Finding.builder(RootCause.INGRESS_CLASS_MISSING, scope(ingress), 90)
        .evidence("the Ingress has no address and no event of a controller")
        .evidence(
            ingress.className().isEmpty()
                ? "it has no ingressClassName, and there is no default IngressClass"
                : "its IngressClass %s does not exist".formatted(ingress.className()))
        .evidence(
            "existing IngressClasses: "
                + FindingText.list(classes.stream().map(IngressClass::name).toList()))
        .supportedBy(evidence.inventory(), Resources.INGRESSES, Resources.INGRESS_CLASSES)
        .fix(
            "set spec.ingressClassName to a class of the AWS Load Balancer Controller, such as alb")
        .build();
  }

  /** One finding for each fault, however many Ingresses it affects. */
  private static Stream<Finding> reconcileFailing(EvidenceIndex evidence) {
    var credentialsMissing = ComponentCredentials.isFound(evidence);
    return evidence.list(Resources.INGRESSES).stream()
        .flatMap(ingress -> ingress.reconcile().stream().map(last -> new Failure(ingress, last)))
        .filter(failure -> failure.last().failing())
        .filter(
            failure -> failure.last().cause() != ReconcileCause.CREDENTIALS || !credentialsMissing)
        .collect(groupingBy(Failure::fault, TreeMap::new, toList()))
        .values()
        .stream()
        .map(failures -> reconcileFailing(failures, evidence).build());
  }

  /** The finding is about the Ingress at fault, else about the first. */
  private static Finding.Builder reconcileFailing(List<Failure> failures, EvidenceIndex evidence) {
    var about = failures.stream().filter(Failure::isCulprit).findFirst().orElse(failures.get(0));
    var others = failures.stream().filter(failure -> !failure.equals(about)).toList();
    var names = others.stream().map(Failure::name).toList();
    var finding =
        SUBNETS.contains(about.last().cause()) && lacksSubnets(about, evidence)
            ? subnetsNotDiscoverable(about, evidence)
            : reconcileFailing(about, evidence);
    return finding
        .evidenceIf(
            !others.isEmpty(),
            "%d other Ingresses fail for the same reason: %s"
                .formatted(others.size(), FindingText.list(names)))
        .affects(others.stream().map(other -> scope(other.ingress())).toList());
  }

  /**
   * Whether the controller finds no subnets by their tags. Its word counts more than route tables:
   * before 2.12.1 it knows tags only, and later it uses routes where no subnet has the tag.
   */
  private static boolean lacksSubnets(Failure failure, EvidenceIndex evidence) {
    return !namesSubnets(failure.ingress())
        && (evidence.inventory().get(Resources.LB_SUBNETS).isEmpty()
            || zones(tagged(failure.ingress(), evidence)) < MIN_ZONES
            || mixesLocalZones(failure, evidence));
  }

  private static boolean mixesLocalZones(Failure failure, EvidenceIndex evidence) {
    return failure.last().message().contains("multiple locales")
        && candidates(failure.ingress(), evidence)
            .anyMatch(one -> one.reason() == IneligibleReason.LOCAL_ZONE);
  }

  private static boolean namesSubnets(KubeIngress ingress) {
    return ingress.annotations().containsKey(SUBNETS_ANNOTATION);
  }

  private static long zones(List<Eligibility> candidates) {
    return candidates.stream().map(Eligibility::zone).distinct().count();
  }

  /** Eligible subnets, without those that only a route table makes eligible. */
  private static List<Eligibility> tagged(KubeIngress ingress, EvidenceIndex evidence) {
    var eligible = candidates(ingress, evidence).filter(Eligibility::eligible).toList();
    return evidence
        .inventory()
        .get(Resources.SUBNETS)
        .map(subnets -> withRole(subnets, ingress.scheme()))
        .map(ids -> eligible.stream().filter(one -> ids.contains(one.subnetId())).toList())
        .orElse(eligible);
  }

  private static Set<String> withRole(List<Subnet> subnets, Scheme scheme) {
    return subnets.stream()
        .filter(subnet -> ROLE_VALUES.contains(subnet.tags().getOrDefault(roleTag(scheme), "no")))
        .map(Subnet::id)
        .collect(Collectors.toSet());
  }

  private static String roleTag(Scheme scheme) {
    return scheme == Scheme.INTERNAL ? "kubernetes.io/role/internal-elb" : "kubernetes.io/role/elb";
  }

  private static Stream<Eligibility> candidates(KubeIngress ingress, EvidenceIndex evidence) {
    return evidence.list(Resources.LB_SUBNETS).stream()
        .filter(candidate -> candidate.scheme() == ingress.scheme());
  }

  private static Finding.Builder subnetsNotDiscoverable(Failure failure, EvidenceIndex evidence) {
    var ingress = failure.ingress();
    var last = failure.last();
    var tagged = tagged(ingress, evidence);
    var eligible = candidates(ingress, evidence).filter(Eligibility::eligible).toList();
    var rejected =
        candidates(ingress, evidence).filter(candidate -> !candidate.eligible()).toList();
    return Finding.builder(RootCause.LB_SUBNETS_NOT_DISCOVERABLE, scope(ingress), 95)
        .evidence("%s: \"%s\"".formatted(last.reason(), last.message()))
        .evidenceIf(
            evidence.inventory().get(Resources.LB_SUBNETS).isPresent(),
            "subnets in %d zones are eligible (%s); rejected: %s"
                .formatted(
                    zones(tagged),
                    ingress.scheme().label(),
                    rejected.isEmpty()
                        ? "none"
                        : FindingText.list(
                            rejected.stream()
                                .map(one -> one.subnetId() + " " + one.reason().label())
                                .toList())))
        .evidenceIf(
            eligible.size() > tagged.size(),
            "%d subnets have the right routes and no tag %s: the controller uses routes since"
                    .formatted(eligible.size() - tagged.size(), roleTag(ingress.scheme()))
                + " version 2.12.1, and only with permission to read route tables")
        .supportedBy(evidence.inventory(), Resources.LB_SUBNETS)
        .fix(
            subnetSteps(
                    tagged,
                    Stream.concat(rejected.stream(), wrongValues(eligible, tagged, evidence))
                        .toList(),
                    roleTag(ingress.scheme()))
                .toArray(String[]::new));
  }

  /** Subnets that only routes make eligible, and whose role tag has a value that does not count. */
  private static Stream<Eligibility> wrongValues(
      List<Eligibility> eligible, List<Eligibility> tagged, EvidenceIndex evidence) {
    var byId = evidence.byKey(Resources.SUBNETS, Subnet::id);
    return eligible.stream()
        .filter(one -> !tagged.contains(one))
        .filter(
            one ->
                Optional.ofNullable(byId.get(one.subnetId()))
                    .filter(subnet -> subnet.tags().containsKey(roleTag(one.scheme())))
                    .isPresent())
        .map(
            one ->
                new Eligibility(
                    one.scheme(), one.subnetId(), one.zone(), IneligibleReason.TAG_VALUE));
  }

  /** Subnets with the tag that are rejected need what they lack, not the tag. */
  private static List<String> subnetSteps(
      List<Eligibility> tagged, List<Eligibility> rejected, String tag) {
    var repairable =
        rejected.stream()
            .filter(one -> one.reason() != IneligibleReason.NO_ROLE_TAG)
            .filter(one -> one.reason() != IneligibleReason.ZONE_TAKEN)
            .toList();
    var steps = new ArrayList<String>();
    if (zones(Stream.concat(tagged.stream(), repairable.stream()).toList()) < MIN_ZONES) {
      steps.add(
          "tag at least two subnets in different zones with %s, value 1 or empty".formatted(tag));
    }
    addStep(
        steps, repairable, IneligibleReason.TAG_VALUE, "set the value of " + tag + " to 1 on %s");
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
    var ids =
        rejected.stream().filter(one -> one.reason() == reason).map(Eligibility::subnetId).toList();
    if (!ids.isEmpty()) {
      steps.add(step.formatted(FindingText.list(ids)));
    }
  }

  private static Finding.Builder reconcileFailing(Failure failure, EvidenceIndex evidence) {
    var ingress = failure.ingress();
    var last = failure.last();
    // Causes that other rules find too, from sources that are read at other times.
    var mayBeExplained =
        last.cause() == ReconcileCause.DNS
            || last.cause() == ReconcileCause.CREDENTIALS
            || last.cause() == ReconcileCause.SUBNET_DISCOVERY;
    return Finding.builder(RootCause.INGRESS_RECONCILE_FAILING, scope(ingress), 80)
        .evidence(
            "%s (%s), %d times: \"%s\""
                .formatted(last.reason(), last.cause().label(), last.count(), last.message()))
        .evidenceIf(
            !ingress.group().isEmpty(), "it blocks all Ingresses of the group " + ingress.group())
        .supportedBy(evidence.inventory(), Resources.INGRESSES)
        .fix(remedy(failure))
        .holdFor(mayBeExplained ? RETRY : Duration.ZERO);
  }

  private static String remedy(Failure failure) {
    if (failure.last().cause() != ReconcileCause.SUBNET_DISCOVERY) {
      return ReconcileRemedy.of(failure.last().cause());
    }
    return namesSubnets(failure.ingress())
        ? "check the subnets that the annotation subnets names: that they exist, are in two"
            + " zones, and have IPv6 CIDRs for dualstack"
        : "subnets in two zones are tagged now: wait for the next try of the controller, or"
            + " restart it; check the IngressClassParams, and IPv6 CIDRs for dualstack";
  }
}
