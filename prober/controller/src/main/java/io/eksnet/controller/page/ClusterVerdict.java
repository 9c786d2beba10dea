package io.eksnet.controller.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cluster in a few words. No data is not healthy.
 *
 * @param headline what changes only when the verdict does
 */
public record ClusterVerdict(boolean known, boolean clear, String headline, String detail) {
  private static final int STEP = 5;

  /** A diagnosis is made every few seconds. */
  private static final Duration OLD = Duration.ofSeconds(30);

  static ClusterVerdict of(ClusterView view) {
    if (view.following().isPresent()) {
      return new ClusterVerdict(false, false, "Unknown here", view.following().get());
    }
    var seen = HealthCounts.of(view.agents(), subject -> true, view.now());
    var causes = view.causes().size();
    var gaps = gaps(view, seen);
    if (causes > 0) {
      return new ClusterVerdict(
          true, false, PageText.count(causes, "cause"), joined(probes(view, seen), gaps));
    }
    if (seen.fresh() == 0) {
      return new ClusterVerdict(
          false, false, "Unknown", joined("no probe has reported of late", gaps));
    }
    if (seen.failing() > 0) {
      var fail =
          seen.failing() + " of " + probes(view, seen) + (seen.failing() == 1 ? " fails" : " fail");
      return new ClusterVerdict(true, false, "Failing, no cause found", joined(fail, gaps));
    }
    if (!gaps.isEmpty()) {
      return new ClusterVerdict(true, false, "No probe fails", joined(probes(view, seen), gaps));
    }
    var lost = seen.doubtful() > 0 ? ", " + seen.doubtful() + " lost the last run" : "";
    return new ClusterVerdict(true, true, "All clear", probes(view, seen) + lost);
  }

  HealthState standing() {
    if (clear) {
      return HealthState.CLEAR;
    }
    return known && !headline.equals("No probe fails") ? HealthState.FAILING : HealthState.UNKNOWN;
  }

  private static String probes(ClusterView view, HealthCounts seen) {
    var nodes =
        view.agents().stream()
            .filter(
                agent -> HealthCounts.of(List.of(agent), subject -> true, view.now()).fresh() > 0)
            .count();
    if (seen.fresh() == 0) {
      return "no probe has reported of late";
    }
    return PageText.count(seen.fresh(), "probe")
        + " from "
        + PageText.count(nodes, "node")
        + " in the last "
        + PageText.duration(steps(seen.oldest()));
  }

  private static Duration steps(Duration age) {
    return Duration.ofSeconds(Math.max(1, -Math.floorDiv(-age.toSeconds(), STEP)) * STEP);
  }

  private static Optional<String> undiagnosed(ClusterView view) {
    if (view.diagnosed().isEmpty()) {
      return Optional.of("nothing was diagnosed yet");
    }
    var age = Duration.between(view.diagnosed().get(), view.now());
    return age.compareTo(OLD) > 0
        ? Optional.of("last diagnosed " + PageText.duration(steps(age)) + " ago")
        : Optional.empty();
  }

  private static List<String> gaps(ClusterView view, HealthCounts seen) {
    var gaps = new ArrayList<String>();
    undiagnosed(view).ifPresent(gaps::add);
    var mute = view.agents().stream().filter(agent -> agent.tracks().isEmpty()).count();
    var silent = view.silent().size() + mute;
    if (silent > 0) {
      gaps.add(PageText.count(silent, "agent") + (silent == 1 ? " is" : " are") + " silent");
    }
    if (view.missing() > 0) {
      gaps.add(PageText.count(view.missing(), "agent") + " not started");
    }
    if (seen.unknown() > 0) {
      gaps.add("nothing fresh from " + PageText.count(seen.unknown(), "probe"));
    }
    var lacking = view.lacking();
    if (!lacking.isEmpty()) {
      gaps.add(
          "not known: " + PageText.some(lacking.stream().map(part -> part.name()).toList(), 3));
    }
    return gaps;
  }

  private static String joined(String first, List<String> gaps) {
    var parts = new ArrayList<String>(List.of(first));
    parts.addAll(gaps);
    return String.join("; ", parts);
  }
}
