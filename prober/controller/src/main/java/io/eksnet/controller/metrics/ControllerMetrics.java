package io.eksnet.controller.metrics;

import io.eksnet.metrics.Instruments;

/** The metrics that only a controller has. */
public record ControllerMetrics(
    InventoryMeters inventory, AwsMeters aws, DiagnosisMeters diagnosis) {
  /** Registers them. */
  public static ControllerMetrics register(Instruments instruments) {
    return new ControllerMetrics(
        new InventoryMeters(instruments),
        new AwsMeters(instruments),
        new DiagnosisMeters(instruments));
  }
}
