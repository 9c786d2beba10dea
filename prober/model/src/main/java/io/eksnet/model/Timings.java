package io.eksnet.model;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long a run took, in all and by phase. A phase that the run did not enter, or did not finish,
 * is absent, never 0.
 */
public final class Timings {
  /** No duration can be stated. */
  public static final Timings NONE = new Timings(-1, new long[0]);

  private static final int PHASES = Phase.values().length;

  private final long totalNanos;
  private final long[] phaseNanos;

  private Timings(long totalNanos, long[] phaseNanos) {
    this.totalNanos = totalNanos;
    this.phaseNanos = phaseNanos;
  }

  /** A run of this length without phases. */
  public static Timings of(Duration total) {
    return new Timings(total.toNanos(), new long[0]);
  }

  /** Whether a length in all is known. */
  public boolean known() {
    return totalNanos >= 0;
  }

  /** The length of the run in nanoseconds, or -1 if none can be stated. */
  public long totalNanos() {
    return totalNanos;
  }

  /** The length of a phase in nanoseconds, or -1 if the run did not finish it. */
  public long nanos(Phase phase) {
    return phase.ordinal() < phaseNanos.length ? phaseNanos[phase.ordinal()] : -1;
  }

  /** The finished phases in their order. */
  public Map<Phase, Duration> phases() {
    var byPhase = new EnumMap<Phase, Duration>(Phase.class);
    for (var phase : Phase.values()) {
      if (nanos(phase) >= 0) {
        byPhase.put(phase, Duration.ofNanos(nanos(phase)));
      }
    }
    return byPhase;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Timings other
        && totalNanos == other.totalNanos
        && phases().equals(other.phases());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(totalNanos) * 31 + phases().hashCode();
  }

  @Override
  public String toString() {
    return known() ? Duration.ofNanos(totalNanos) + " " + phases() : "unknown";
  }

  /** Collects the phases of one run; a phase entered twice (a redirect) adds up. */
  public static final class Builder {
    private final long[] nanos = new long[PHASES];

    public Builder() {
      Arrays.fill(nanos, -1);
    }

    /** Adds the length of a finished phase, in nanoseconds. */
    public Builder add(Phase phase, long length) {
      nanos[phase.ordinal()] = Math.max(0, nanos[phase.ordinal()]) + Math.max(0, length);
      return this;
    }

    /** The timings of a run that took {@code totalNanos} in all. */
    public Timings total(long totalNanos) {
      return new Timings(Math.max(0, totalNanos), nanos.clone());
    }
  }
}
