package io.eksnet.config;

import java.time.Duration;

/** The built-in suite that calls agents on other nodes, from pod to pod. */
public record PodSuite(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(
            value = "The time from one run to the next.",
            fallback = "15s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "2s",
            min = 0.01,
            max = 3_600)
        Duration timeout,
    @Setting(
            value = "How many agents elsewhere each agent calls, other zones among them.",
            fallback = "3",
            min = 1,
            max = 20)
        int peers) {
  public PodSuite {
    Durations.requireShorter(timeout, interval);
  }
}
