package io.eksnet.config;

/** The built-in suite that probes each address of each load balancer. */
public record LbSuite(
    @Inline(defaults = "timeout: 10s") SuiteSchedule schedule,
    @Setting(
            value = "How many agents of each zone probe each load balancer.",
            fallback = "3",
            min = 1,
            max = 50)
        int agentsPerZone)
    implements Suite {}
