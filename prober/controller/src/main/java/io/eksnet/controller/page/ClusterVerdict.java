package io.eksnet.controller.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of the cluster in one line. Missing data is never shown as healthy.
 *
 * @param headline changes only with the verdict, so that a screen reader does not repeat it
 */
record ClusterVerdict(HealthState state, String headline, String detail) {
  /** Ages are rounded up to this, so that the text does not change every second. */
  private static final int AGE_STEP_SECONDS = 5;

  /** Diagnosis runs every few seconds. */
  private static final Duration MAX_DIAGNOSIS_AGE = Duration.ofSeconds(30);

  static ClusterVerdict of(ClusterView view) {
    if (view.following().isPresent()) {
      return new ClusterVerdict(
          HealthState.UNKNOWN, "Unknown on this replica", view.following().get());
    }
    var counts = HealthCounts.of(view.agents(), series -> true, view.now());
    var causes = view.causes().size();
    var probes = probes(view, counts);
    var gaps = gaps(view, counts);
    if (causes > 0) {
      return new ClusterVerdict(
          HealthState.FAILING, PageText.count(causes, "cause"), joined(probes, gaps));
    }
    if (counts.fresh() == 0) {
      return new ClusterVerdict(HealthState.UNKNOWN, "Unknown", joined(probes, gaps));
    }
    if (counts.failing() > 0) {
      var fail = counts.failing() + " of " + probes + (counts.failing() == 1 ? " fails" : " fail");
      return new ClusterVerdict(HealthState.FAILING, "Failing, no cause found", joined(fail, gaps));
    }
    if (!gaps.isEmpty()) {
      return new ClusterVerdict(HealthState.UNKNOWN, "No probe fails", joined(probes, gaps));
    }
    var degraded = counts.degraded() > 0 ? ", " + counts.degraded() + " failed the last run" : "";
    return new ClusterVerdict(HealthState.HEALTHY, "All clear", probes + degraded);
  }

  private static String probes(ClusterView view, HealthCounts counts) {
    if (counts.fresh() == 0) {
      return "no recent probe results";
    }
    var nodes =
        view.agents().stream()
            .filter(agent -> HealthCounts.of(List.of(agent), s -> true, view.now()).fresh() > 0)
            .count();
    return PageText.count(counts.fresh(), "probe")
        + " from "
        + PageText.count(nodes, "node")
        + " in the last "
        + rounded(counts.oldest());
  }

  private static String rounded(Duration age) {
    var steps = Math.max(1, -Math.floorDiv(-age.toSeconds(), AGE_STEP_SECONDS));
    return PageText.duration(Duration.ofSeconds(steps * AGE_STEP_SECONDS));
  }

  /** What is missing to call the cluster healthy. */
  private static List<String> gaps(ClusterView view, HealthCounts counts) {
    var gaps = new ArrayList<String>();
    if (view.diagnosed().isEmpty()) {
      gaps.add("no diagnosis yet");
    } else {
      var age = Duration.between(view.diagnosed().get(), view.now());
      if (age.compareTo(MAX_DIAGNOSIS_AGE) > 0) {
        gaps.add("last diagnosis " + rounded(age) + " ago");
      }
    }
    var withoutResults = view.agents().stream().filter(agent -> agent.windows().isEmpty()).count();
    var notReporting = view.notReporting().size() + withoutResults;
    if (notReporting > 0) {
      gaps.add(PageText.count(notReporting, "agent") + " not reporting");
    }
    if (view.missingAgents() > 0) {
      gaps.add(PageText.count(view.missingAgents(), "agent") + " not started");
    }
    if (counts.unknown() > 0) {
      gaps.add("no recent result from " + PageText.count(counts.unknown(), "probe"));
    }
    var unavailable = view.unavailable();
    if (!unavailable.isEmpty()) {
      gaps.add(
          "unknown: "
              + PageText.some(unavailable.stream().map(resource -> resource.name()).toList(), 3));
    }
    return gaps;
  }

  private static String joined(String first, List<String> gaps) {
    return gaps.isEmpty() ? first : first + "; " + String.join("; ", gaps);
  }
}
