package io.eksnet.controller.page;

import static java.util.Comparator.naturalOrder;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of the cluster. Missing data is never shown as healthy.
 *
 * @param headline changes only with the verdict, so that a screen reader does not repeat it
 * @param detail how much is behind it, and what is missing
 * @param since when the first cause began; empty: there is none
 */
record ClusterVerdict(HealthState state, String headline, String detail, Optional<Instant> since) {
  /** Ages are rounded up to this, so that the text does not change every second. */
  private static final int AGE_STEP_SECONDS = 5;

  /** Diagnosis runs every few seconds. */
  private static final Duration MAX_DIAGNOSIS_AGE = Duration.ofSeconds(30);

  static ClusterVerdict of(ClusterView view) {
    if (view.following().isPresent()) {
      return new ClusterVerdict(
          HealthState.UNKNOWN, "Unknown on this replica", view.following().get(), Optional.empty());
    }
    var counts = HealthCounts.of(view.agents(), series -> true, view.now());
    var causes = view.causes();
    var probes = probes(view, counts);
    var gaps = gaps(view, counts);
    if (!causes.isEmpty()) {
      return new ClusterVerdict(
          HealthState.FAILING,
          PageText.capital(causes.get(0).cause().meaning()),
          joined(others(view) + PageText.capital(probes), gaps),
          causes.stream().flatMap(cause -> view.since(cause).stream()).min(naturalOrder()));
    }
    if (view.diagnosed().isEmpty()) {
      return withoutCause(HealthState.UNKNOWN, "No verdict yet", starting(counts, gaps));
    }
    if (counts.fresh() == 0) {
      return withoutCause(HealthState.UNKNOWN, "Unknown", joined(probes, gaps));
    }
    if (counts.failing() > 0) {
      var fail = counts.failing() + " of " + probes + (counts.failing() == 1 ? " fails" : " fail");
      return withoutCause(HealthState.FAILING, "Failing, no cause found", joined(fail, gaps));
    }
    if (!gaps.isEmpty()) {
      return withoutCause(HealthState.UNKNOWN, "No probe fails", joined(probes, gaps));
    }
    var degraded = counts.degraded() > 0 ? ", " + counts.degraded() + " failed the last run" : "";
    return withoutCause(HealthState.HEALTHY, "All clear", probes + degraded);
  }

  private static String starting(HealthCounts counts, List<String> gaps) {
    var failed = counts.failing() + counts.degraded();
    return joined(
        "%d of %s have run, %s failed; do not read this as healthy"
            .formatted(
                counts.fresh(),
                PageText.count(counts.total(), "known probe"),
                failed == 0 ? "none" : Integer.toString(failed)),
        gaps);
  }

  private static ClusterVerdict withoutCause(HealthState state, String headline, String detail) {
    return new ClusterVerdict(state, headline, detail, Optional.empty());
  }

  /** The line above the headline: which cluster, its state, and since when. */
  String kicker(ClusterView view) {
    var since =
        this.since.map(
            at ->
                " for "
                    + PageText.duration(Duration.between(at, view.now()))
                    + ", since "
                    + PageText.clock(at)
                    + " UTC");
    return cluster(view) + ", " + word(view) + since.orElse("");
  }

  /** The title of the page: state, cause, cluster and age. */
  String title(ClusterView view) {
    var age = since.map(at -> " · " + PageText.duration(Duration.between(at, view.now())));
    return "%s %s · %s%s · eksnet"
        .formatted(state.symbol(), headline, cluster(view), age.orElse(""));
  }

  /** A data URL of the icon of the page: the state by its shape, also without colors. */
  String icon() {
    var shape =
        switch (state) {
          case FAILING ->
              "<path d='M10 1h12l9 9v12l-9 9H10l-9-9V10z' fill='#a8132b'/>"
                  + "<path d='M10 10l12 12M22 10L10 22' fill='none' stroke='#fff' stroke-width='4'/>";
          case HEALTHY ->
              "<circle cx='16' cy='16' r='15' fill='#14632d'/>"
                  + "<path d='M9 17l5 5 9-11' fill='none' stroke='#fff' stroke-width='4'/>";
          default ->
              "<circle cx='16' cy='16' r='13' fill='#fff' stroke='#3f4580' stroke-width='4'"
                  + " stroke-dasharray='6 4'/>";
        };
    var svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>" + shape + "</svg>";
    return "data:image/svg+xml," + svg.replace("#", "%23").replace("<", "%3C").replace(">", "%3E");
  }

  private static String cluster(ClusterView view) {
    return view.cluster().isEmpty() ? "This cluster" : view.cluster();
  }

  private String word(ClusterView view) {
    if (state == HealthState.UNKNOWN && view.following().isEmpty() && view.diagnosed().isEmpty()) {
      return "starting";
    }
    return switch (state) {
      case FAILING -> "failing";
      case HEALTHY -> "healthy";
      default -> "state unknown";
    };
  }

  /** How many other causes and consequences there are. */
  private static String others(ClusterView view) {
    var causes = view.causes().size() - 1;
    var consequences = view.consequences().size();
    return (consequences > 0
            ? "Explains " + PageText.count(consequences, "other finding") + ". "
            : "")
        + (causes > 0 ? "And " + PageText.count(causes, "more cause") + ". " : "");
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
