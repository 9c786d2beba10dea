package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;
import java.util.List;

/** Start lag, memory and CPU of an agent with many HTTP targets every 10 s, scraped every 5 s. */
final class ScheduleScenario implements Scenario {
  private static final int[] TARGETS = {100, 1_000, 10_000};
  private static final long INTERVAL_MILLIS = 10_000;
  private static final double WARM_UP = 10;

  @Override
  public void run(TestBed stand, double seconds, Measurements readings) throws Exception {
    for (var targets : TARGETS) {
      measure(stand, targets, Math.max(seconds, targets / 1_000.0), readings);
    }
  }

  private static void measure(TestBed stand, int targets, double seconds, Measurements readings)
      throws Exception {
    var beat = new ProbeLoad(TargetKind.HTTP, targets, 5, INTERVAL_MILLIS, ProbeLoad.USUAL_FLIGHT);
    try (var agent = AgentProcess.start(stand, Cores.ALL, beat)) {
      agent.run(WARM_UP);
      var before = agent.scrape();
      var since = System.nanoTime();
      var meter = new Meter(agent.pid(), List.of());
      agent.run(seconds);
      var usage = meter.stop();
      var began = System.nanoTime();
      var after = agent.scrape();
      var page = (System.nanoTime() - began) / 1e9;
      var lag = Buckets.between(before, after, "eksnet_schedule_lag_seconds");
      readings.put("lag." + targets + ".p99", Who.EKSNET, 1_000 * lag.atMost(0.99));
      readings.put("lag." + targets + ".max", Who.EKSNET, 1_000 * lag.atMost(1));
      readings.put("rss." + targets, Who.EKSNET, usage.rssMegabytes());
      readings.put("cores." + targets, Who.EKSNET, usage.cores());
      readings.put("page." + targets, Who.EKSNET, page);
      check(readings, targets, (began - since) / 1e9, before, after);
    }
  }

  private static void check(
      Measurements readings, int targets, double seconds, String before, String after) {
    var runs = AgentCounts.of(after, seconds).since(AgentCounts.of(before, 0));
    var expected = targets * 1_000.0 / INTERVAL_MILLIS * seconds;
    if (runs.missed() > 0 || Math.abs(runs.succeeded() - expected) > 0.1 * expected) {
      readings.note(
          "%,d targets: %,.0f runs succeeded instead of about %,.0f, %,.0f ticks missed"
              .formatted(targets, runs.succeeded(), expected, runs.missed()));
    }
  }
}
