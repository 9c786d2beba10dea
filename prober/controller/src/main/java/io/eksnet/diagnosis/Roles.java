package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;

/** How components of the cluster get their AWS roles. */
final class Roles {
  private Roles() {}

  /** Whether its service account has an association in its namespace; empty: not known. */
  static Optional<Boolean> associated(Component component, Evidence evidence) {
    return evidence
        .inventory()
        .get(Resources.POD_IDENTITY_ASSOCIATIONS)
        .map(
            all ->
                all.stream()
                    .anyMatch(
                        a ->
                            a.namespace().equals(component.namespace())
                                && a.serviceAccount().equals(component.serviceAccount())));
  }

  /** Whether its service account names a role (IRSA); empty: not known. */
  static Optional<Boolean> annotated(Component component) {
    return component.role().map(role -> !role.isEmpty());
  }

  /** Where an association for its service account is instead, if it is elsewhere. */
  static Optional<String> elsewhere(Component component, Evidence evidence) {
    return evidence.inventory().list(Resources.POD_IDENTITY_ASSOCIATIONS).stream()
        .filter(a -> a.serviceAccount().equals(component.serviceAccount()))
        .map(a -> a.namespace())
        .filter(namespace -> !namespace.equals(component.namespace()))
        .findFirst();
  }
}
