package io.eksnet.model.diagnosis;

import java.time.Duration;
import java.time.Instant;
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
 * @param patience how long it must be found before it is told; zero but for what things that were
 *     not read at the same moment, or that take their time, may seem to say
 */
public record Finding(
    RootCause cause,
    String scope,
    Confidence confidence,
    List<String> evidence,
    List<String> excluded,
    List<String> fix,
    Set<RootCause> explains,
    Duration patience) {
  public Finding {
    if (evidence.isEmpty() || fix.isEmpty()) {
      throw new IllegalArgumentException("a finding of " + cause + " needs evidence and a fix");
    }
    evidence = List.copyOf(evidence);
    excluded = List.copyOf(excluded);
    fix = List.copyOf(fix);
    explains = Set.copyOf(explains);
  }

  /** One that is told at once. */
  public Finding(
      RootCause cause,
      String scope,
      Confidence confidence,
      List<String> evidence,
      List<String> excluded,
      List<String> fix,
      Set<RootCause> explains) {
    this(cause, scope, confidence, evidence, excluded, fix, explains, Duration.ZERO);
  }

  /** The same with another confidence. */
  public Finding with(Confidence other) {
    return new Finding(cause, scope, other, evidence, excluded, fix, explains, patience);
  }

  /** Whether it may be told, found in every diagnosis since that time. */
  public boolean outlasted(Instant since, Instant now) {
    return !since.plus(patience).isAfter(now);
  }
}
