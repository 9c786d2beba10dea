package io.eksnet.config;

import java.time.Duration;

/** The keys that all built-in suites have. */
public record SuiteSchedule(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(
            value = "The time from one run to the next.",
            fallback = "30s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "5s",
            min = 0.01,
            max = 3_600)
        Duration timeout) {
  public SuiteSchedule {
    Durations.requireShorter(timeout, interval);
  }
}
