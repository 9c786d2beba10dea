package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.inventory.Component;
import io.eksnet.core.inventory.Parts;
import java.util.Optional;

/** How components of the cluster get their AWS roles. */
final class Roles {
  private Roles() {}

  /** Whether its service account has an association in its namespace; empty: not known. */
  static Optional<Boolean> associated(Component component, Evidence evidence) {
    return evidence
        .inventory()
        .get(Parts.POD_IDENTITY_ASSOCIATIONS)
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
    return evidence.inventory().list(Parts.POD_IDENTITY_ASSOCIATIONS).stream()
        .filter(a -> a.serviceAccount().equals(component.serviceAccount()))
        .map(a -> a.namespace())
        .filter(namespace -> !namespace.equals(component.namespace()))
        .findFirst();
  }
}
