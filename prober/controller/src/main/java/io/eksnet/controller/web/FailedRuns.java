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
 * The recent failed runs that agents reported; runs of one task with the same outcome are one
 * entry. An entry stays when the task succeeds again. Thread-safe.
 */
public final class FailedRuns {
  private static final int MAX_KEPT = 200;
  private static final int MAX_SHOWN = 50;
  private static final Duration MAX_AGE = Duration.ofHours(12);

  /** In the order of the last failure. */
  private final LinkedHashMap<Key, FailedRun> kept = new LinkedHashMap<>();

  private record Key(String node, String id, String outcome) {}

  /** Records a failed run; ignores others. */
  public synchronized void add(AgentObservation observation) {
    if (observation.success() || observation.outcome().equals(Outcome.NOT_RUN)) {
      return;
    }
    var key = new Key(observation.node(), observation.id(), observation.outcome());
    var previous = kept.remove(key);
    kept.put(
        key,
        previous == null
            ? run(observation, observation.at(), 1)
            : run(observation, previous.first(), previous.times() + 1));
    if (kept.size() > MAX_KEPT) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  /** The newest first. */
  public synchronized List<FailedRun> newest(Instant now) {
    var newest = new ArrayList<>(kept.values());
    Collections.reverse(newest);
    return newest.stream()
        .filter(run -> run.at().plus(MAX_AGE).isAfter(now))
        .limit(MAX_SHOWN)
        .toList();
  }

  public synchronized void clear() {
    kept.clear();
  }

  private static FailedRun run(AgentObservation observation, Instant first, long times) {
    return new FailedRun(
        observation.node(),
        observation.probe(),
        observation.target(),
        first,
        observation.at(),
        times,
        observation.outcome(),
        observation.phase(),
        observation.detail(),
        observation.trace());
  }
}
