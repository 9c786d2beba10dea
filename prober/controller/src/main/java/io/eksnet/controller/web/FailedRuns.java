package io.eksnet.controller.web;

import io.eksnet.controller.page.FailedRun;
import io.eksnet.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The runs that failed of late, as agents reported them; those of one task that fail alike are one
 * entry. They stay when the task succeeds again. Any thread may add and read.
 */
public final class FailedRuns {
  private static final int MOST = 200;
  private static final int SHOWN = 50;
  private static final Duration OF_LATE = Duration.ofHours(12);

  /** The one that failed last is the last. */
  private final LinkedHashMap<Alike, FailedRun> kept = new LinkedHashMap<>();

  private record Alike(String node, String id, String outcome) {}

  /** Keeps a run if it failed, and lets go of what failed longest ago. */
  public synchronized void add(AgentObservation seen) {
    if (seen.success() || seen.outcome().equals(Outcome.NOT_RUN)) {
      return;
    }
    var alike = new Alike(seen.node(), seen.id(), seen.outcome());
    var before = kept.remove(alike);
    kept.put(
        alike,
        before == null ? run(seen, seen.at(), 1) : run(seen, before.first(), before.times() + 1));
    if (kept.size() > MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  /** The newest first. */
  public synchronized List<FailedRun> newest(Instant now) {
    var newest = new ArrayList<>(kept.values());
    Collections.reverse(newest);
    return newest.stream().filter(run -> run.at().plus(OF_LATE).isAfter(now)).limit(SHOWN).toList();
  }

  /** Forgets everything. */
  public synchronized void forget() {
    kept.clear();
  }

  private static FailedRun run(AgentObservation seen, Instant first, long times) {
    return new FailedRun(
        seen.node(),
        seen.probe(),
        seen.target(),
        first,
        seen.at(),
        times,
        seen.outcome(),
        seen.phase(),
        seen.detail(),
        seen.trace());
  }
}
