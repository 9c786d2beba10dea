package io.eksnet.model.diagnosis;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A root cause found at one object, with its evidence and its fix.
 *
 * @param scope the object, as kind/name ({@code node/ip-10-0-1-7}, {@code subnet/subnet-1}, {@code
 *     ingress/shop/web}), or {@code cluster}
 * @param evidence observations that support it: which field, which count, from how many nodes
 * @param excluded other causes, and why they are ruled out
 * @param fix the steps, in order
 * @param affected further objects that the same cause affects, in the form of {@code scope}
 * @param explains causes of other findings that are consequences of this one
 * @param holdFor how long every diagnosis must find it before it is reported, as {@code for} of a
 *     Prometheus alert; zero unless its sources are read at different times
 */
public record Finding(
    RootCause cause,
    String scope,
    Confidence confidence,
    List<String> evidence,
    List<String> excluded,
    List<String> fix,
    List<String> affected,
    Set<RootCause> explains,
    Duration holdFor) {
  public Finding {
    if (evidence.isEmpty() || fix.isEmpty()) {
      throw new IllegalArgumentException("a finding of " + cause + " needs evidence and a fix");
    }
    evidence = List.copyOf(evidence);
    excluded = List.copyOf(excluded);
    fix = List.copyOf(fix);
    affected = List.copyOf(affected);
    explains = Set.copyOf(explains);
  }

  /**
   * Starts a finding.
   *
   * @param percent the confidence when every supporting source is fresh
   */
  public static Builder builder(RootCause cause, String scope, int percent) {
    return new Builder(cause, scope, percent);
  }

  /** The same finding with another confidence. */
  public Finding with(Confidence other) {
    return new Finding(cause, scope, other, evidence, excluded, fix, affected, explains, holdFor);
  }

  /** Whether it may be reported when every diagnosis since {@code since} found it. */
  public boolean isReportable(Instant since, Instant now) {
    return !since.plus(holdFor).isAfter(now);
  }

  /** Builds a finding; what it explains comes from {@link Causality}. */
  public static final class Builder {
    private final RootCause cause;
    private final String scope;
    private final List<String> evidence = new ArrayList<>();
    private final List<String> excluded = new ArrayList<>();
    private final List<String> fix = new ArrayList<>();
    private final List<String> affected = new ArrayList<>();
    private Confidence confidence;
    private Duration holdFor = Duration.ZERO;
    private Set<RootCause> consequences;

    private Builder(RootCause cause, String scope, int percent) {
      this.cause = cause;
      this.scope = scope;
      this.confidence = new Confidence(percent);
      this.consequences = Causality.explainedBy(cause);
    }

    /** Adds an observation that supports the finding. */
    public Builder evidence(String observation) {
      return evidenceIf(true, observation);
    }

    public Builder evidenceIf(boolean condition, String observation) {
      if (condition) {
        evidence.add(observation);
      }
      return this;
    }

    /** Adds another cause that is ruled out, and why. */
    public Builder excludes(String otherCause) {
      return excludesIf(true, otherCause);
    }

    public Builder excludesIf(boolean condition, String otherCause) {
      if (condition) {
        excluded.add(otherCause);
      }
      return this;
    }

    /** Adds the steps of the repair, in order. */
    public Builder fix(String... steps) {
      fix.addAll(List.of(steps));
      return this;
    }

    /** Adds further objects that the same cause affects, in the form of the scope. */
    public Builder affects(List<String> scopes) {
      affected.addAll(scopes);
      return this;
    }

    /** Lowers the confidence for each of these resources that is stale or was never read. */
    public Builder supportedBy(Inventory inventory, Resource<?>... resources) {
      var missing =
          Stream.of(resources).filter(resource -> !inventory.snapshot(resource).fresh()).count();
      confidence = confidence.without((int) missing);
      return this;
    }

    /** Lowers the confidence unless a source beside the inventory supports the finding. */
    public Builder supportedIf(boolean condition) {
      confidence = confidence.without(condition ? 0 : 1);
      return this;
    }

    /** The finding explains no other one unless the condition holds. */
    public Builder explainsIf(boolean condition) {
      return explainsOnly(condition ? consequences : Set.of());
    }

    /** Of what the cause can explain, the finding explains only these causes. */
    public Builder explainsOnly(Set<RootCause> causes) {
      consequences =
          consequences.stream().filter(causes::contains).collect(Collectors.toUnmodifiableSet());
      return this;
    }

    /** Sets how long the finding must last before it is reported. */
    public Builder holdFor(Duration duration) {
      holdFor = duration;
      return this;
    }

    public Finding build() {
      return new Finding(
          cause, scope, confidence, evidence, excluded, fix, affected, consequences, holdFor);
    }
  }
}
