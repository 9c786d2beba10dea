package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.policy.PolicyVerdict;
import java.util.List;
import java.util.Set;

/**
 * Paths of one kind that NetworkPolicies deny and that are broken.
 *
 * @param namespace of the isolated pods
 * @param peer what is at the other end
 * @param port such as {@code TCP port 8080}
 * @param symptom what shows that the paths are broken
 * @param affected scopes of what is behind them
 * @param consequences causes of other findings that these broken paths explain
 */
record DeniedPath(
    String namespace,
    PolicyVerdict verdict,
    String peer,
    String port,
    String symptom,
    List<String> affected,
    Set<RootCause> consequences) {
  DeniedPath {
    affected = List.copyOf(affected);
    consequences = Set.copyOf(consequences);
  }
}
