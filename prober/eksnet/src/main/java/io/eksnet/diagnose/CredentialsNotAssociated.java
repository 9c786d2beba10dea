package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.Component;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.ReconcileCause;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * R19: a component gets no credentials, and its service account has neither a role annotation nor
 * an association in its namespace.
 */
final class CredentialsNotAssociated implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.inventory().list(Parts.COMPONENTS).stream()
        .filter(component -> component.cause() == ReconcileCause.CREDENTIALS)
        .filter(component -> component.crashLoop() || component.ready() < component.desired())
        .filter(component -> Roles.annotated(component).equals(Optional.of(false)))
        .filter(component -> !Roles.associated(component, evidence).equals(Optional.of(true)))
        .flatMap(component -> finding(component, evidence));
  }

  private static Stream<Finding> finding(Component component, Evidence evidence) {
    var account = component.namespace() + "/" + component.serviceAccount();
    var sts = StsView.of(evidence).seen();
    var draft =
        Draft.of(RootCause.CREDENTIALS_NOT_ASSOCIATED, "component/" + component.name(), 95)
            .seen(
                "%s fails for want of credentials: \"%s\""
                    .formatted(component.name(), component.message()))
            .seen(
                "the service account %s has no role annotation and no Pod Identity association"
                    .formatted(account))
            .supportedBy(evidence, Parts.COMPONENTS, Parts.POD_IDENTITY_ASSOCIATIONS)
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
