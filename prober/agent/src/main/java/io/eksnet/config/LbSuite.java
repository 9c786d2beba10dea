package io.eksnet.config;

import java.time.Duration;

/** The built-in suite that calls load balancers at each of their addresses. */
public record LbSuite(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(
            value = "The time from one run to the next.",
            fallback = "30s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "10s",
            min = 0.01,
            max = 3_600)
        Duration timeout,
    @Setting(
            value = "How many agents of each zone call each load balancer.",
            fallback = "3",
            min = 1,
            max = 50)
        int agentsPerZone) {
  public LbSuite {
    Durations.requireShorter(timeout, interval);
  }
}
