package io.eksnet.config;

/** The built-in suite that reads the metrics of ipamd (VPC CNI). */
public record IpamdSuite(@Inline SuiteSchedule schedule) implements Suite {}
