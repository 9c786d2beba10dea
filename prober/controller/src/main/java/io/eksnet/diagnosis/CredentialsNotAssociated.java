package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * R19: a component gets no credentials, and its service account has neither a role annotation nor
 * an association in its namespace.
 */
final class CredentialsNotAssociated implements Rule {
  private static final String LB_CONTROLLER = "aws-load-balancer-controller";

  /** What tells that it has none. */
  private record Sign(int percent, String text) {}

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.inventory().list(Resources.COMPONENTS).stream()
        .filter(component -> Roles.annotated(component).equals(Optional.of(false)))
        .filter(component -> Roles.associated(component, evidence).equals(Optional.of(false)))
        .flatMap(
            component ->
                sign(component, evidence).stream()
                    .flatMap(sign -> finding(component, sign, evidence)));
  }

  /** The words of most containers are in their logs only; then all else must speak for it. */
  private static Optional<Sign> sign(Component component, Evidence evidence) {
    var suffers = component.crashLoop() || component.ready() < component.desired();
    if (suffers && component.cause() == ReconcileCause.CREDENTIALS) {
      return Optional.of(fails(component, component.message()));
    }
    var event = component.name().equals(LB_CONTROLLER) ? event(evidence) : Optional.<String>empty();
    if (event.isPresent()) {
      return event.map(message -> fails(component, message));
    }
    return component.crashLoop()
            && component.cause() == ReconcileCause.OTHER
            && !component.credentialsInjected()
            && Roles.elsewhere(component, evidence).isPresent()
        ? Optional.of(
            new Sign(
                85, component.name() + " ends again and again: \"" + component.message() + "\""))
        : Optional.empty();
  }

  private static Sign fails(Component component, String message) {
    return new Sign(
        95, "%s fails for want of credentials: \"%s\"".formatted(component.name(), message));
  }

  /** What the controller says of an Ingress while it goes on running. */
  private static Optional<String> event(Evidence evidence) {
    return evidence.inventory().list(Resources.INGRESSES).stream()
        .flatMap(ingress -> ingress.reconcile().stream())
        .filter(last -> last.failing() && last.cause() == ReconcileCause.CREDENTIALS)
        .map(Reconcile::message)
        .findFirst();
  }

  private static Stream<Finding> finding(Component component, Sign sign, Evidence evidence) {
    var account = component.namespace() + "/" + component.serviceAccount();
    var sts = StsView.of(evidence).seen();
    var draft =
        FindingBuilder.of(
                RootCause.CREDENTIALS_NOT_ASSOCIATED,
                "component/" + component.name(),
                sign.percent())
            .seen(sign.text())
            .seen(
                "the service account %s has no role annotation and no Pod Identity association"
                    .formatted(account))
            .supportedBy(evidence, Resources.COMPONENTS, Resources.POD_IDENTITY_ASSOCIATIONS)
            .fix(
                "create a Pod Identity association for namespace %s and service account %s"
                    .formatted(component.namespace(), component.serviceAccount()),
                "restart its pods: an association holds for new pods only")
            .explains(RootCause.INGRESS_RECONCILE_FAILING);
    Roles.elsewhere(component, evidence)
        .ifPresent(
            namespace ->
                draft.seen(
                    "there is an association for %s in the namespace %s"
                        .formatted(component.serviceAccount(), namespace)));
    if (sts.allHealthy()) {
      draft.excludes(
          "not the network: STS can be reached from %d nodes".formatted(sts.nodes().size()));
    }
    return draft.stream();
  }
}
