package io.eksnet.config;

import java.time.Duration;
import java.util.Optional;

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
        Duration timeout,
    @Setting(
            value =
                "Where the agent listens; `null`: at the link-local addresses of EKS,"
                    + " 169.254.170.23 and fd00:ec2::23.",
            example = "169.254.170.23")
        Optional<String> address) {
  public IdentitySuite {
    Durations.requireShorter(timeout, interval);
    address.ifPresent(said -> Addresses.require("address", said));
  }
}
