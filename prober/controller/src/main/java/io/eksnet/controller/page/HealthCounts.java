package io.eksnet.controller.page;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.ResultWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Predicate;

/**
 * How many series of probes are in which state.
 *
 * @param failing failed in their last two runs
 * @param degraded failed in their last run only
 * @param unknown have no recent result
 * @param oldest the age of the oldest result among those that are not unknown
 */
record HealthCounts(int failing, int degraded, int unknown, int healthy, Duration oldest) {
  static final HealthCounts NONE = new HealthCounts(0, 0, 0, 0, Duration.ZERO);

  /** Bounds of how long a result is recent. */
  private static final Duration MIN_FRESH = Duration.ofMinutes(1);

  private static final Duration MAX_FRESH = Duration.ofMinutes(15);

  static HealthCounts of(Collection<AgentReport> agents, Predicate<SeriesKey> wanted, Instant now) {
    return agents.stream()
        .flatMap(agent -> agent.windows().stream())
        .filter(window -> isCounted(window.key()) && wanted.test(window.key()))
        .map(window -> of(window, now))
        .reduce(NONE, HealthCounts::plus);
  }

  static HealthCounts of(ResultWindow window, Instant now) {
    var age = window.last().map(last -> Duration.between(last.at(), now));
    if (age.isEmpty() || age.get().compareTo(freshFor(window)) > 0) {
      return new HealthCounts(0, 0, 1, 0, Duration.ZERO);
    }
    var oldest = max(age.get(), Duration.ZERO);
    if (window.healthy()) {
      return new HealthCounts(0, 0, 0, 1, oldest);
    }
    return window.failing()
        ? new HealthCounts(1, 0, 0, 0, oldest)
        : new HealthCounts(0, 1, 0, 0, oldest);
  }

  /** A node component that does not respond may not be installed; diagnosis rules decide that. */
  static boolean isCounted(SeriesKey series) {
    return !(series instanceof SeriesKey.NodeComponentKey);
  }

  HealthCounts plus(HealthCounts other) {
    return new HealthCounts(
        failing + other.failing,
        degraded + other.degraded,
        unknown + other.unknown,
        healthy + other.healthy,
        max(oldest, other.oldest));
  }

  int total() {
    return fresh() + unknown;
  }

  int fresh() {
    return failing + degraded + healthy;
  }

  /** The worst state of all. */
  HealthState state() {
    if (failing > 0) {
      return HealthState.FAILING;
    }
    if (degraded > 0) {
      return HealthState.DEGRADED;
    }
    if (unknown > 0) {
      return HealthState.UNKNOWN;
    }
    return healthy > 0 ? HealthState.HEALTHY : HealthState.NONE;
  }

  /** How many are in the worst state. */
  int worst() {
    return switch (state()) {
      case FAILING -> failing;
      case DEGRADED -> degraded;
      case UNKNOWN -> unknown;
      case HEALTHY, NONE -> healthy;
    };
  }

  /** Such as "3/40": how many of all are in the worst state; empty for a single one. */
  String ratio() {
    return (total() > 1 ? Integer.toString(worst()) : "")
        + (worst() < total() ? "/" + total() : "");
  }

  private static Duration freshFor(ResultWindow window) {
    var fresh = window.freshFor().orElse(MIN_FRESH);
    return fresh.compareTo(MAX_FRESH) > 0 ? MAX_FRESH : fresh;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
