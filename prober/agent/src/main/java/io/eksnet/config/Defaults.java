package io.eksnet.config;

import java.time.Duration;

/** Defaults of the user's own probes. */
public record Defaults(
    @Setting(
            value = "The time from one run to the next.",
            fallback = "15s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "5s",
            min = 0.01,
            max = 3_600)
        Duration timeout) {
  public Defaults {
    Durations.requireShorter(timeout, interval);
  }
}
