package io.eksnet.controller;

import io.eksnet.controller.page.ProberCost;
import io.eksnet.metrics.ProcessUsage;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** What the prober costs, as the status page shows it. */
final class Costs {
  private static final double MINUTE = 60;

  private final ProcessUsage process;
  private final LongSupplier awsCalls;
  private final Rate ofAwsCalls = new Rate();
  private final Rate ofObservations = new Rate();

  /**
   * @param awsCalls of this process since its start
   */
  Costs(ProcessUsage process, LongSupplier awsCalls) {
    this.process = process;
    this.awsCalls = awsCalls;
  }

  /**
   * Looks at what grows; called again and again.
   *
   * @param observations heard of all agents since the start
   */
  void add(Instant now, long observations) {
    ofAwsCalls.add(now, awsCalls.getAsLong());
    ofObservations.add(now, observations);
  }

  ProberCost now() {
    var perSecond = ofAwsCalls.perSecond();
    var resident = process.residentBytes();
    return new ProberCost(
        process.cpuSeconds(),
        resident.isPresent()
            ? OptionalLong.of((long) resident.getAsDouble())
            : OptionalLong.empty(),
        ofObservations.perSecond(),
        perSecond.isPresent()
            ? OptionalDouble.of(MINUTE * perSecond.getAsDouble())
            : OptionalDouble.empty());
  }
}
