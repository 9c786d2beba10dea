package io.eksnet.controller;

import io.eksnet.controller.page.ProberCost;
import io.eksnet.metrics.ProcessUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** What eksnet itself costs, for the status page. */
final class CostMeter {
  private static final double SECONDS_PER_MINUTE = 60;

  private final ProcessUsage process;
  private final LongSupplier awsCalls;
  private final Rate awsCallRate = new Rate();
  private final Rate observationRate = new Rate();

  /**
   * @param awsCalls of this process since its start
   */
  CostMeter(ProcessUsage process, LongSupplier awsCalls) {
    this.process = process;
    this.awsCalls = awsCalls;
  }

  /**
   * Samples the counters; to be called about every second.
   *
   * @param observations of all agents since the start
   */
  void sample(Instant now, long observations) {
    awsCallRate.add(now, awsCalls.getAsLong());
    observationRate.add(now, observations);
  }

  ProberCost now() {
    var awsPerSecond = awsCallRate.perSecond();
    var resident = process.residentBytes();
    return new ProberCost(
        process.cpuSeconds(),
        resident.isPresent()
            ? OptionalLong.of((long) resident.getAsDouble())
            : OptionalLong.empty(),
        observationRate.perSecond(),
        awsPerSecond.isPresent()
            ? OptionalDouble.of(SECONDS_PER_MINUTE * awsPerSecond.getAsDouble())
            : OptionalDouble.empty());
  }

  /** The growth of a counter over the last minute. Any thread may add and read. */
  static final class Rate {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration MIN_WINDOW = Duration.ofSeconds(10);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(Instant at, long count) {}

    /** The counter at a moment; a clock that is set back starts a new window. */
    synchronized void add(Instant now, long count) {
      if (!samples.isEmpty() && !now.isAfter(samples.getLast().at())) {
        samples.clear();
      }
      samples.addLast(new Sample(now, count));
      while (samples.getFirst().at().isBefore(now.minus(WINDOW))) {
        samples.removeFirst();
      }
    }

    /** Empty until the samples cover ten seconds. */
    synchronized OptionalDouble perSecond() {
      if (samples.isEmpty()) {
        return OptionalDouble.empty();
      }
      var first = samples.getFirst();
      var last = samples.getLast();
      var length = Duration.between(first.at(), last.at());
      return length.compareTo(MIN_WINDOW) < 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(
              (last.count() - first.count()) / (length.toNanos() / NANOS_PER_SECOND));
    }
  }
}
