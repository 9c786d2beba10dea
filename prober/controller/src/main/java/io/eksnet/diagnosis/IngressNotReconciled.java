package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** R35, R36, R37: no controller builds the load balancer of an Ingress, or it fails to. */
final class IngressNotReconciled implements DiagnosisRule {
  /** An Application Load Balancer needs subnets in two zones. */
  private static final int MIN_ZONES = 2;

  private static final Duration FIRST_EVENT = Duration.ofMinutes(1);

  /** By then the controller has retried after another rule's cause was fixed. */
  private static final Duration RETRY = Duration.ofMinutes(3);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var credentialsMissing = CredentialsNotAssociated.isFound(evidence);
    return evidence.list(Resources.INGRESSES).stream()
        .flatMap(
            ingress ->
                ingress
                    .reconcile()
                    .map(last -> reconcileFailing(ingress, last, credentialsMissing, evidence))
                    .orElseGet(() -> classMissing(ingress, evidence))
                    .stream());
  }

  private static String scope(KubeIngress ingress) {
    return "ingress/" + ingress.namespace() + "/" + ingress.name();
  }

  private static Optional<Finding> classMissing(KubeIngress ingress, EvidenceIndex evidence) {
    if (!ingress.addresses().isEmpty()
        || !ingress.created().plus(FIRST_EVENT).isBefore(evidence.now())) {
      return Optional.empty();
    }
    return evidence
        .inventory()
        .get(Resources.INGRESS_CLASSES)
        .filter(classes -> classes.stream().noneMatch(one -> isClassOf(ingress, one)))
        .map(classes -> classMissing(ingress, classes, evidence));
  }

  private static boolean isClassOf(KubeIngress ingress, IngressClass one) {
    return ingress.className().isEmpty() ? one.isDefault() : one.name().equals(ingress.className());
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

  private static Optional<Finding> reconcileFailing(
      KubeIngress ingress, Reconcile last, boolean credentialsMissing, EvidenceIndex evidence) {
    if (!last.failing()
        || last.cause() == ReconcileCause.DNS
        || (last.cause() == ReconcileCause.CREDENTIALS && credentialsMissing)) {
      return Optional.empty();
    }
    return Optional.of(
        last.cause() == ReconcileCause.SUBNET_DISCOVERY && lacksSubnets(ingress, evidence)
            ? subnetsNotDiscoverable(ingress, last, evidence)
            : reconcileFailing(ingress, last, evidence));
  }

  private static boolean lacksSubnets(KubeIngress ingress, EvidenceIndex evidence) {
    return evidence.inventory().get(Resources.LB_SUBNETS).isEmpty()
        || eligibleZones(ingress, evidence) < MIN_ZONES;
  }

  private static long eligibleZones(KubeIngress ingress, EvidenceIndex evidence) {
    return candidates(ingress, evidence)
        .filter(Eligibility::eligible)
        .map(Eligibility::zone)
        .distinct()
        .count();
  }

  private static Stream<Eligibility> candidates(KubeIngress ingress, EvidenceIndex evidence) {
    return evidence.list(Resources.LB_SUBNETS).stream()
        .filter(candidate -> candidate.scheme() == ingress.scheme());
  }

  private static Finding subnetsNotDiscoverable(
      KubeIngress ingress, Reconcile last, EvidenceIndex evidence) {
    var rejected =
        candidates(ingress, evidence)
            .filter(candidate -> !candidate.eligible())
            .map(candidate -> candidate.subnetId() + " " + candidate.reason().label())
            .toList();
    return Finding.builder(RootCause.LB_SUBNETS_NOT_DISCOVERABLE, scope(ingress), 95)
        .evidence("%s: \"%s\"".formatted(last.reason(), last.message()))
        .evidenceIf(
            evidence.inventory().get(Resources.LB_SUBNETS).isPresent(),
            "subnets in %d zones are eligible (%s); rejected: %s"
                .formatted(
                    eligibleZones(ingress, evidence),
                    ingress.scheme().label(),
                    rejected.isEmpty() ? "none" : FindingText.list(rejected)))
        .supportedBy(evidence.inventory(), Resources.LB_SUBNETS)
        .fix(
            "tag at least two subnets in different zones with %s, value 1 or empty"
                .formatted(
                    ingress.scheme() == Scheme.INTERNAL
                        ? "kubernetes.io/role/internal-elb"
                        : "kubernetes.io/role/elb"),
            "free at least 8 addresses in each of them",
            "set the tags in Terraform as well, or the next apply removes them")
        .build();
  }

  private static Finding reconcileFailing(
      KubeIngress ingress, Reconcile last, EvidenceIndex evidence) {
    // Causes that other rules find too, from sources that are read at other times.
    var mayBeExplained =
        last.cause() == ReconcileCause.CREDENTIALS
            || last.cause() == ReconcileCause.SUBNET_DISCOVERY;
    return Finding.builder(RootCause.INGRESS_RECONCILE_FAILING, scope(ingress), 80)
        .evidence(
            "%s (%s), %d times: \"%s\""
                .formatted(last.reason(), last.cause().label(), last.count(), last.message()))
        .evidenceIf(
            !ingress.group().isEmpty(), "it blocks all Ingresses of the group " + ingress.group())
        .supportedBy(evidence.inventory(), Resources.INGRESSES)
        .fix(remedy(last.cause()))
        .holdFor(mayBeExplained ? RETRY : Duration.ZERO)
        .build();
  }

  private static String remedy(ReconcileCause cause) {
    return switch (cause) {
      case IAM -> "allow the action that the message names for the IAM role of the controller";
      case THROTTLED ->
          "wait for its retries; check which other clients reach the rate limit of the same API";
      case SG -> "tag exactly one security group of each node for the cluster";
      case CREDENTIALS ->
          "check the trust policy of the controller's IAM role, and the Pod Identity agent on its"
              + " nodes; credentials are injected only when a pod is created";
      case SUBNET_DISCOVERY ->
          "enough subnets are tagged: check the subnets that the annotation subnets or the"
              + " IngressClassParams name, and their IPv6 CIDRs for dualstack";
      case ANNOTATION -> "correct the annotation or the reference that the message names";
      default -> "follow the message of the controller";
    };
  }
}
