package io.eksnet.config;

import java.time.Duration;

/** The built-in suite that looks for the Pod Identity agent of the node. */
public record IdentitySuite(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(
            value = "The time from one run to the next.",
            fallback = "30s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "2s",
            min = 0.01,
            max = 3_600)
        Duration timeout) {
  public IdentitySuite {
    Durations.requireShorter(timeout, interval);
  }
}
