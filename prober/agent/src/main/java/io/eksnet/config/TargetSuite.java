package io.eksnet.config;

/** The built-in suite that probes targets of target groups as their health check does. */
public record TargetSuite(@Inline SuiteSchedule schedule) implements Suite {}
