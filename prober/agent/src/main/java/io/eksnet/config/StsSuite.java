package io.eksnet.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The built-in suite that reaches for the regional endpoint of STS. */
public record StsSuite(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(value = "The time from one run to the next.", fallback = "1m", min = 0.1, max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "5s",
            min = 0.01,
            max = 3_600)
        Duration timeout,
    @Setting(
            value =
                "A PEM file of the authorities to trust, instead of the system's, where a proxy or"
                    + " an endpoint of your own answers.",
            example = "/etc/eksnet/ca.pem")
        Optional<Path> caFile) {
  public StsSuite {
    Durations.requireShorter(timeout, interval);
  }
}
