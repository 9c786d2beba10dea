package io.eksnet.web;

import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import io.eksnet.web.page.FailedRun;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The runs that failed, as the status page of a cluster shows them. */
public final class FailedRuns {
  private static final int MOST = 50;

  private FailedRuns() {}

  /** What this process saw itself and what agents reported, newest first. */
  public static List<FailedRun> of(History own, Collection<Reported> reported) {
    return Stream.concat(
            own.newest(History::isFailure, MOST).stream().map(FailedRuns::of),
            reported.stream().filter(FailedRuns::failed).map(FailedRuns::of))
        .sorted(Comparator.comparing(FailedRun::at).reversed())
        .limit(MOST)
        .toList();
  }

  private static boolean failed(Reported seen) {
    return !seen.success() && !seen.outcome().equals(Outcome.NOT_RUN);
  }

  private static FailedRun of(Reported seen) {
    return new FailedRun(
        seen.node(),
        seen.probe(),
        seen.target(),
        seen.at(),
        seen.outcome(),
        seen.phase(),
        seen.detail(),
        "");
  }

  private static FailedRun of(Observation seen) {
    return new FailedRun(
        "",
        Names.probe(seen.task()),
        Names.target(seen.task()),
        seen.at(),
        seen.outcome().label(),
        "",
        "",
        Trace.of(seen));
  }
}
