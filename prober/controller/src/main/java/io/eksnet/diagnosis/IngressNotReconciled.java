package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
            ingress.namesSubnets() ? name() : "subnets " + ingress.scheme().label();
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
    var explained = ComponentCredentials.explained(evidence);
    return evidence.list(Resources.INGRESSES).stream()
        .flatMap(ingress -> ingress.reconcile().stream().map(last -> new Failure(ingress, last)))
        .filter(failure -> failure.last().failing())
        .filter(failure -> !ReconcileFailure.hasOwnRule(failure.last()))
        .filter(failure -> !explained.contains(failure.last().cause()))
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
            ? subnets(about, evidence).finding(scope(about.ingress()))
            : reconcileFailing(about, evidence);
    return finding
        .evidenceIf(
            !others.isEmpty(),
            "%d other Ingresses fail for the same reason: %s"
                .formatted(others.size(), FindingText.list(names)))
        .affects(others.stream().map(other -> scope(other.ingress())).toList());
  }

  private static boolean lacksSubnets(Failure failure, EvidenceIndex evidence) {
    return !failure.ingress().namesSubnets() && subnets(failure, evidence).areLacking();
  }

  private static LbSubnetDiscovery subnets(Failure failure, EvidenceIndex evidence) {
    return new LbSubnetDiscovery(failure.ingress().scheme(), MIN_ZONES, failure.last(), evidence);
  }

  private static Finding.Builder reconcileFailing(Failure failure, EvidenceIndex evidence) {
    var ingress = failure.ingress();
    var last = failure.last();
    // Causes that other rules find too, from sources that are read at other times.
    var mayBeExplained =
        last.cause() == ReconcileCause.DNS
            || last.cause() == ReconcileCause.CREDENTIALS
            || (SUBNETS.contains(last.cause()) && !ingress.namesSubnets());
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
    return failure.ingress().namesSubnets()
        ? "check the subnets that the annotation subnets names: that they exist, are in two"
            + " zones, and have IPv6 CIDRs for dualstack"
        : "subnets in two zones are tagged now: wait for the next try of the controller, or"
            + " restart it; check the IngressClassParams, and IPv6 CIDRs for dualstack";
  }
}
