package io.eksnet.config;

import java.nio.file.Path;
import java.util.Optional;

/** The built-in suite that probes the regional endpoint of STS. */
public record StsSuite(
    @Inline(defaults = "interval: 1m") SuiteSchedule schedule,
    @Setting(
            value =
                "A PEM file with the certificate authorities to trust instead of the system's, for"
                    + " a proxy or an endpoint of your own.",
            example = "/etc/eksnet/ca.pem")
        Optional<Path> caFile)
    implements Suite {}
