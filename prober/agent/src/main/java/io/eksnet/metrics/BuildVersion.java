package io.eksnet.metrics;

/** What runs: the labels of {@code eksnet_build_info}. */
public record BuildVersion(String version, String revision, String javaVersion) {}
