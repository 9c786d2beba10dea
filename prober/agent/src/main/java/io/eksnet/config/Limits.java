package io.eksnet.config;

import java.time.Duration;
import java.util.Objects;

/** Bounds on the work of one process. */
public record Limits(
    @Setting(
            value =
                "Runs in flight at once. A run beyond this limit is not run: it is counted as missed, not"
                    + " as failed.",
            fallback = "1000",
            min = 1,
            max = 100_000,
            restart = true)
        int runsInFlight,
    @Setting(
            value =
                "Targets of your own probes together. Targets beyond this limit are dropped and"
                    + " counted in `eksnet_targets_dropped_total`. So are targets that do not fit"
                    + " into the memory: an agent with the default memory limit has room for 10,000"
                    + " targets of a few probes, or for 2,500 probes.",
            fallback = "10000",
            min = 1,
            max = 100_000)
        int targets,
    @Setting(
            value =
                "How long the event loop may be blocked during a run whose durations are recorded. The"
                    + " outcome of a run always counts.",
            fallback = "100ms",
            min = 0.01,
            max = 10,
            restart = true)
        Duration stall) {
  public Limits {
    Objects.requireNonNull(stall);
  }
}
