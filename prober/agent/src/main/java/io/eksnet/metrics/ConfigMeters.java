package io.eksnet.metrics;

import java.time.Instant;

/** Whether the config that runs is the config that is wanted. */
public final class ConfigMeters {
  private volatile double successful = Double.NaN;
  private volatile double successAt = Double.NaN;

  ConfigMeters(MetricFactory instruments) {
    instruments.gauge(Catalogue.RELOAD_SUCCESSFUL, () -> successful);
    instruments.gauge(Catalogue.RELOAD_SUCCESS_TIME, () -> successAt);
  }

  /** A config became active. */
  public void accepted(Instant at) {
    successful = 1;
    successAt = Seconds.of(at);
  }

  /** A config was refused; the one before it stays. */
  public void refused() {
    successful = 0;
  }
}
