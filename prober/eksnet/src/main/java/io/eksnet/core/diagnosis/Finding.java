package io.eksnet.core.diagnosis;

import java.util.List;
import java.util.Set;

/**
 * What is wrong, where, how sure that is, why, and what to do.
 *
 * @param scope the object it is about, as kind/name ({@code node/ip-10-0-1-7}, {@code
 *     subnet/subnet-1}, {@code ingress/shop/web}), or {@code cluster}
 * @param evidence what was seen: which field, which count, from how many nodes
 * @param excluded what it is not, and why that can be said
 * @param fix the steps, in their order
 * @param explains causes of other findings that follow from this one
 */
public record Finding(
    RootCause cause,
    String scope,
    Confidence confidence,
    List<String> evidence,
    List<String> excluded,
    List<String> fix,
    Set<RootCause> explains) {
  public Finding {
    if (evidence.isEmpty() || fix.isEmpty()) {
      throw new IllegalArgumentException("a finding of " + cause + " needs evidence and a fix");
    }
    evidence = List.copyOf(evidence);
    excluded = List.copyOf(excluded);
    fix = List.copyOf(fix);
    explains = Set.copyOf(explains);
  }

  /** The same with another confidence. */
  public Finding with(Confidence other) {
    return new Finding(cause, scope, other, evidence, excluded, fix, explains);
  }
}
