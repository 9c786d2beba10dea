package io.eksnet.controller.metrics;

import io.eksnet.metrics.MetricFactory;

/** The metrics that only a controller has. */
public record ControllerMetrics(
    InventoryMeters inventory,
    AwsMeters aws,
    DiagnosisMeters diagnosis,
    LbAddressMeters lbAddresses,
    IncidentMeters incidents) {
  /** Registers them. */
  public static ControllerMetrics register(MetricFactory instruments) {
    return new ControllerMetrics(
        new InventoryMeters(instruments),
        new AwsMeters(instruments),
        new DiagnosisMeters(instruments),
        new LbAddressMeters(instruments),
        new IncidentMeters(instruments));
  }
}
