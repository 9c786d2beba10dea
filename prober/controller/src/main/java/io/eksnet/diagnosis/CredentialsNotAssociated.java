package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** R19, R53: a component has no AWS credentials, because its service account has no role. */
final class CredentialsNotAssociated implements DiagnosisRule {
  private static final String LB_CONTROLLER = "aws-load-balancer-controller";

  /** Error of the AWS SDK for Go: a pod gets no response from IMDS with a hop limit of 1. */
  private static final Pattern IMDS_TIMEOUT =
      Pattern.compile("ec2imds.*(context deadline exceeded|request canceled)", Pattern.DOTALL);

  /** An observation that a component has no credentials. */
  private record Symptom(int percent, String text) {}

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .flatMap(
            component ->
                Stream.of(withoutRole(component, evidence), withoutRegion(component, evidence))
                    .flatMap(Optional::stream)
                    .map(finding -> withOtherNamespace(finding, component, evidence))
                    .map(Finding.Builder::build));
  }

  /** Whether a component has no credentials because its service account has no role. */
  static boolean isFound(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .anyMatch(component -> symptom(component, evidence).isPresent());
  }

  private static Optional<Finding.Builder> withoutRole(
      Component component, EvidenceIndex evidence) {
    var sts = evidence.sts().all();
    return symptom(component, evidence)
        .map(
            symptom ->
                finding(component, symptom.percent())
                    .evidence(symptom.text())
                    .evidence(
                        "service account %s/%s has no role annotation and no Pod Identity association"
                            .formatted(component.namespace(), component.serviceAccount()))
                    .supportedBy(
                        evidence.inventory(),
                        Resources.COMPONENTS,
                        Resources.POD_IDENTITY_ASSOCIATIONS)
                    .excludesIf(
                        sts.allHealthy(),
                        "not the network: %d nodes reach STS".formatted(sts.nodes().size())));
  }

  /** What shows that a component without a role has no credentials. */
  private static Optional<Symptom> symptom(Component component, EvidenceIndex evidence) {
    if (!hasNoRole(component, evidence)) {
      return Optional.empty();
    }
    var unhealthy = component.crashLoop() || component.ready() < component.desired();
    if (unhealthy && component.cause() == ReconcileCause.CREDENTIALS) {
      return Optional.of(noCredentials(component, component.message()));
    }
    if (component.name().equals(LB_CONTROLLER)) {
      var event = event(evidence);
      if (event.isPresent()) {
        return event.map(message -> noCredentials(component, message));
      }
    }
    // Most containers write the reason only to their logs; then everything else must indicate it.
    return component.crashLoop()
            && component.cause() == ReconcileCause.OTHER
            && !component.credentialsInjected()
            && otherNamespace(component, evidence).isPresent()
        ? Optional.of(
            new Symptom(
                85,
                "%s is in CrashLoopBackOff: \"%s\""
                    .formatted(component.name(), component.message())))
        : Optional.empty();
  }

  /** Whether its service account is known to have no role; false if that is unknown. */
  private static boolean hasNoRole(Component component, EvidenceIndex evidence) {
    return component.role().filter(String::isEmpty).isPresent()
        && evidence
            .inventory()
            .get(Resources.POD_IDENTITY_ASSOCIATIONS)
            .filter(
                all ->
                    all.stream()
                        .noneMatch(
                            association ->
                                association.namespace().equals(component.namespace())
                                    && isFor(component, association)))
            .isPresent();
  }

  private static boolean isFor(Component component, PodIdentityAssociation association) {
    return association.serviceAccount().equals(component.serviceAccount());
  }

  private static Symptom noCredentials(Component component, String message) {
    return new Symptom(
        95, "%s has no AWS credentials: \"%s\"".formatted(component.name(), message));
  }

  /** An event of the controller about an Ingress: its pods stay ready without credentials. */
  private static Optional<String> event(EvidenceIndex evidence) {
    return evidence.list(Resources.INGRESSES).stream()
        .flatMap(ingress -> ingress.reconcile().stream())
        .filter(last -> last.failing() && last.cause() == ReconcileCause.CREDENTIALS)
        .map(Reconcile::message)
        .findFirst();
  }

  private static Optional<Finding.Builder> withoutRegion(
      Component component, EvidenceIndex evidence) {
    if (!IMDS_TIMEOUT.matcher(component.message()).find() || component.credentialsInjected()) {
      return Optional.empty();
    }
    return Optional.of(
        finding(component, 90)
            .evidence("%s exits with: \"%s\"".formatted(component.name(), component.message()))
            .evidence(
                "its pods have neither AWS_REGION nor credentials: no admission webhook injected"
                    + " them")
            .supportedBy(evidence.inventory(), Resources.COMPONENTS)
            .excludes("not a missing permission: it reads the region from IMDS before any call")
            .fix("or set AWS_REGION in its environment"));
  }

  private static Finding.Builder finding(Component component, int percent) {
    return Finding.builder(
            RootCause.CREDENTIALS_NOT_ASSOCIATED, "component/" + component.name(), percent)
        .fix(
            "create a Pod Identity association for namespace %s and service account %s"
                .formatted(component.namespace(), component.serviceAccount()),
            "restart its pods: credentials are injected only when a pod is created");
  }

  private static Finding.Builder withOtherNamespace(
      Finding.Builder finding, Component component, EvidenceIndex evidence) {
    return otherNamespace(component, evidence)
        .map(
            namespace ->
                finding.evidence(
                    "an association for %s exists in the namespace %s"
                        .formatted(component.serviceAccount(), namespace)))
        .orElse(finding);
  }

  /** Another namespace with an association for a service account of this name. */
  private static Optional<String> otherNamespace(Component component, EvidenceIndex evidence) {
    return evidence.list(Resources.POD_IDENTITY_ASSOCIATIONS).stream()
        .filter(association -> isFor(component, association))
        .map(PodIdentityAssociation::namespace)
        .filter(namespace -> !namespace.equals(component.namespace()))
        .findFirst();
  }
}
