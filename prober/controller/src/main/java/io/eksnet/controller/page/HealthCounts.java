package io.eksnet.controller.page;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.ResultWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Predicate;

/**
 * How many ways of probing stand how.
 *
 * @param failing failed in their last two runs
 * @param doubtful failed in their last run only
 * @param unknown did not run of late
 * @param oldest the age of the oldest result among those that are not unknown
 */
record HealthCounts(int failing, int doubtful, int unknown, int clear, Duration oldest) {
  static final HealthCounts NONE = new HealthCounts(0, 0, 0, 0, Duration.ZERO);

  /** A result this many beats old says nothing of now; neither does one older than the latter. */
  private static final int BEATS = 3;

  private static final Duration ALWAYS_FRESH = Duration.ofMinutes(1);
  private static final Duration NEVER_FRESH = Duration.ofMinutes(15);

  /** Of the wanted tracks of these agents. */
  static HealthCounts of(Collection<AgentReport> agents, Predicate<SeriesKey> wanted, Instant now) {
    return agents.stream()
        .flatMap(agent -> agent.tracks().stream())
        .filter(track -> judged(track.subject()) && wanted.test(track.subject()))
        .map(track -> of(track, now))
        .reduce(NONE, HealthCounts::plus);
  }

  static HealthCounts of(ResultWindow track, Instant now) {
    var age = track.last().map(last -> Duration.between(last.at(), now));
    if (age.isEmpty() || age.get().compareTo(freshFor(track)) > 0) {
      return new HealthCounts(0, 0, 1, 0, Duration.ZERO);
    }
    var oldest = age.get().isNegative() ? Duration.ZERO : age.get();
    if (track.healthy()) {
      return new HealthCounts(0, 0, 0, 1, oldest);
    }
    return track.failing()
        ? new HealthCounts(1, 0, 0, 0, oldest)
        : new HealthCounts(0, 1, 0, 0, oldest);
  }

  /** A part of the node that does not answer may not be installed; that is for rules to judge. */
  static boolean judged(SeriesKey subject) {
    return !(subject instanceof SeriesKey.HostPart);
  }

  HealthCounts plus(HealthCounts other) {
    return new HealthCounts(
        failing + other.failing,
        doubtful + other.doubtful,
        unknown + other.unknown,
        clear + other.clear,
        oldest.compareTo(other.oldest) > 0 ? oldest : other.oldest);
  }

  int total() {
    return fresh() + unknown;
  }

  int fresh() {
    return failing + doubtful + clear;
  }

  HealthState standing() {
    if (failing > 0) {
      return HealthState.FAILING;
    }
    if (doubtful > 0) {
      return HealthState.DOUBTFUL;
    }
    if (unknown > 0) {
      return HealthState.UNKNOWN;
    }
    return clear > 0 ? HealthState.CLEAR : HealthState.NONE;
  }

  /** How many stand as all do. */
  int counted() {
    return switch (standing()) {
      case FAILING -> failing;
      case DOUBTFUL -> doubtful;
      case UNKNOWN -> unknown;
      default -> clear;
    };
  }

  private static Duration freshFor(ResultWindow track) {
    var results = track.results();
    if (results.size() < 2) {
      return ALWAYS_FRESH;
    }
    var span = Duration.between(results.get(results.size() - 1).at(), results.get(0).at());
    var beats = span.dividedBy(results.size() - 1).multipliedBy(BEATS);
    if (beats.compareTo(ALWAYS_FRESH) < 0) {
      return ALWAYS_FRESH;
    }
    return beats.compareTo(NEVER_FRESH) > 0 ? NEVER_FRESH : beats;
  }
}
