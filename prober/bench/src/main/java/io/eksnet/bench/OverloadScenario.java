package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;

/**
 * Asked for twice its capacity on one core: does it report durations that are not the target's,
 * does it say what it left out, and does its memory stay.
 */
final class OverloadScenario implements Scenario {
  private static final double SETTLE = 3;
  private static final int TARGETS = 5_000;

  /** What blackbox_exporter and the agent reach, where it was not measured in this run. */
  private static final double USUAL_BLACKBOX = 2_500;

  private static final double USUAL_EKSNET = 12_000;

  @Override
  public void run(TestBed stand, double seconds, Measurements readings) throws Exception {
    stand.targetOn(Cores.OTHERS);
    try {
      var eksnet = 2 * capacity(readings, Who.EKSNET, USUAL_EKSNET);
      var blackbox = 2 * capacity(readings, Who.BLACKBOX, USUAL_BLACKBOX);
      Scenario.side("overload of eksnet", readings, () -> eksnet(stand, eksnet, seconds, readings));
      Scenario.side(
          "overload of blackbox", readings, () -> blackbox(stand, blackbox, seconds, readings));
    } finally {
      stand.targetOn(Cores.ALL);
    }
  }

  private static double capacity(Measurements readings, Who who, double usual) {
    var measured = readings.median("capacity.http", who);
    return Double.isNaN(measured) ? usual : measured;
  }

  private static void eksnet(TestBed stand, double rate, double seconds, Measurements readings)
      throws Exception {
    var delay = TargetKind.HTTP.delay;
    var beat =
        new ProbeLoad(TargetKind.HTTP, TARGETS, delay, 1_000, ProbeLoad.USUAL_FLIGHT).at(rate);
    try (var agent = AgentProcess.start(stand, Cores.MEASURED, beat.at(rate / 8))) {
      WarmUp.toPace(rate / 8, 2, 5, () -> agent.rate(3));
      agent.take(beat);
      Scenario.settle(SETTLE);
      var before = agent.count();
      Scenario.settle(seconds);
      var runs = agent.count().since(before);
      var asked = beat.rate() * runs.seconds();
      var finished = runs.succeeded() + runs.failed();
      readings.put("overload.finished", Who.EKSNET, finished / asked);
      readings.put("overload.counted", Who.EKSNET, runs.missed() / (asked - finished));
      readings.put("overload.rss", Who.EKSNET, Proc.rss(agent.pid()));
      errors(agent, delay, readings);
    }
  }

  private static void errors(AgentProcess agent, int delay, Measurements readings)
      throws Exception {
    var durations = new DurationSamples();
    for (var second = 0; second < 3; second++) {
      agent.durations().forEach(each -> durations.add(Math.round(each * 1e9)));
      Scenario.settle(1);
    }
    readings.put("overload.error.p50", Who.EKSNET, 1_000 * durations.quantile(0.5) - delay);
    errors(Who.EKSNET, durations.quantile(0.99), durations.quantile(1), delay, readings);
  }

  private static void blackbox(TestBed stand, double rate, double seconds, Measurements readings)
      throws Exception {
    var delay = TargetKind.HTTP.delay;
    try (var blackbox = Blackbox.start(stand, Cores.MEASURED, delay);
        var driver =
            stand.driver(blackbox.port(), TargetKind.HTTP, delay, "rate=" + rate, Cores.OTHERS)) {
      Scenario.settle(SETTLE);
      driver.mark();
      Scenario.settle(seconds);
      var counted = driver.mark();
      readings.put("overload.finished", Who.BLACKBOX, counted.rate() / rate);
      readings.put("overload.rss", Who.BLACKBOX, Proc.rss(blackbox.pid()));
      readings.put("overload.error.p50", Who.BLACKBOX, 1_000 * counted.get("p50") - delay);
      errors(Who.BLACKBOX, counted.get("p99"), counted.get("max"), delay, readings);
    }
  }

  private static void errors(Who who, double p99, double max, int delay, Measurements readings) {
    readings.put("overload.error.p99", who, 1_000 * p99 - delay);
    readings.put("overload.error.max", who, 1_000 * max - delay);
  }
}
