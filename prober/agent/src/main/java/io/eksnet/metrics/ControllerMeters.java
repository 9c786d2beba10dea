package io.eksnet.metrics;

import java.time.Instant;
import java.util.OptionalInt;
import java.util.function.DoubleSupplier;

/**
 * The age of the plan, the leader and the agents that report. Each scrape calls the suppliers on
 * its own thread; NaN is absence.
 */
public final class ControllerMeters {
  private volatile DoubleSupplier planAge = () -> Double.NaN;
  private volatile DoubleSupplier leader = () -> Double.NaN;
  private volatile double heartbeat = Double.NaN;
  private volatile double desired = Double.NaN;
  private volatile double reporting = Double.NaN;

  ControllerMeters(MetricFactory instruments) {
    instruments.gauge(Catalogue.PLAN_AGE, () -> planAge.getAsDouble());
    instruments.gauge(Catalogue.LEADER, () -> leader.getAsDouble());
    instruments.gauge(Catalogue.HEARTBEAT, () -> leads() ? heartbeat : Double.NaN);
    instruments.gauge(Catalogue.AGENTS_DESIRED, () -> leads() ? desired : Double.NaN);
    instruments.gauge(Catalogue.AGENTS_REPORTING, () -> leads() ? reporting : Double.NaN);
  }

  /** Where to read the age of the plan in seconds. */
  public void planAge(DoubleSupplier seconds) {
    planAge = seconds;
  }

  /** Where to read whether this process leads, 1 or 0. */
  public void leader(DoubleSupplier leads) {
    leader = leads;
  }

  /** The leader attends to its polls. */
  public void heartbeat(Instant at) {
    heartbeat = Seconds.of(at);
  }

  /** How many agents there should be; empty: not known. */
  public void desired(OptionalInt agents) {
    desired = agents.isPresent() ? agents.getAsInt() : Double.NaN;
  }

  /** How many agents answer. */
  public void reporting(int agents) {
    reporting = agents;
  }

  /** This process leads no more: what it knew is another's business. */
  public void ceased() {
    heartbeat = Double.NaN;
    desired = Double.NaN;
    reporting = Double.NaN;
  }

  private boolean leads() {
    return leader.getAsDouble() == 1;
  }
}
