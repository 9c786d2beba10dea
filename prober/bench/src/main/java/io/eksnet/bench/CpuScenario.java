package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;

/** CPU per probe and timing error at one rate, with new connections; all cores free. */
final class CpuScenario implements Scenario {
  private static final double WARM_UP = 3;
  private static final int POLLS = 2;

  @Override
  public void run(TestBed stand, double seconds, Measurements readings) throws Exception {
    for (var kind : TargetKind.values()) {
      var name = "cpu " + kind + " of ";
      Scenario.side(name + "eksnet", readings, () -> eksnet(stand, kind, seconds, readings));
      Scenario.side(name + "blackbox", readings, () -> blackbox(stand, kind, seconds, readings));
      Scenario.side(name + "floor", readings, () -> floor(stand, kind, seconds, readings));
    }
  }

  private static void eksnet(TestBed stand, TargetKind kind, double seconds, Measurements readings)
      throws Exception {
    try (var agent = AgentProcess.start(stand, Cores.ALL, ProbeLoad.eachSecond(kind))) {
      WarmUp.toPace(kind.rate, 2, 5, () -> agent.rate(5));
      var before = agent.count();
      var tally = MeasurementWindow.start(stand, agent.pid());
      agent.run(seconds);
      var used = tally.stop();
      var runs = agent.count().since(before);
      record(readings, Who.EKSNET, kind, used, runs.rate());
      check(readings, Who.EKSNET, kind, runs.rate(), runs.failed());
      errors(readings, kind, agent);
    }
  }

  private static void errors(Measurements readings, TargetKind kind, AgentProcess agent)
      throws Exception {
    var durations = new DurationSamples();
    for (var poll = 0; poll < POLLS; poll++) {
      agent.durations().forEach(seconds -> durations.add(Math.round(seconds * 1e9)));
      Scenario.settle(1);
    }
    error(readings, Who.EKSNET, kind, durations.quantile(0.5), durations.quantile(0.99));
  }

  private static void blackbox(
      TestBed stand, TargetKind kind, double seconds, Measurements readings) throws Exception {
    try (var blackbox = Blackbox.start(stand, Cores.ALL, kind.delay);
        var driver =
            stand.driver(blackbox.port(), kind, kind.delay, "rate=" + kind.rate, Cores.ALL)) {
      Scenario.settle(WARM_UP);
      load(stand, Who.BLACKBOX, kind, blackbox.pid(), driver, seconds, readings);
      if (kind == TargetKind.HTTP) { // as many probes a second as 10,000 targets every 10 s
        readings.put("rss.10000", Who.BLACKBOX, Proc.rss(blackbox.pid()));
      }
    }
  }

  private static void floor(TestBed stand, TargetKind kind, double seconds, Measurements readings)
      throws Exception {
    try (var floor = stand.floor(kind, kind.delay, "rate=" + kind.rate, Cores.ALL)) {
      WarmUp.toPace(kind.rate, 2, 10, () -> floor.rate(2));
      load(stand, Who.FLOOR, kind, floor.pid(), floor, seconds, readings);
    }
  }

  /** Measures a process while a load, perhaps itself, goes on. */
  private static void load(
      TestBed stand,
      Who who,
      TargetKind kind,
      long pid,
      BenchProcess load,
      double seconds,
      Measurements readings)
      throws Exception {
    var helpers = pid == load.pid() ? new Long[0] : new Long[] {load.pid()};
    load.mark();
    var tally = MeasurementWindow.start(stand, pid, helpers);
    Scenario.settle(seconds);
    var used = tally.stop();
    var counted = load.mark();
    record(readings, who, kind, used, counted.rate());
    check(readings, who, kind, counted.rate(), counted.get("failed"));
    error(readings, who, kind, counted.get("p50"), counted.get("p99"));
  }

  private static void record(
      Measurements readings, Who who, TargetKind kind, MeasurementWindow.Result used, double rate) {
    var usage = used.usage();
    used.check("cpu " + kind, who, rate, readings);
    readings.put("cpu." + kind.label(), who, 1_000 * usage.cores() / rate);
    readings.put("foreign", who, usage.foreignCores());
  }

  private static void error(
      Measurements readings, Who who, TargetKind kind, double p50, double p99) {
    readings.put("error." + kind.label() + ".p50", who, 1_000 * p50 - kind.delay);
    readings.put("error." + kind.label() + ".p99", who, 1_000 * p99 - kind.delay);
  }

  /** A figure for another rate, or for probes that fail, is no figure. */
  private static void check(
      Measurements readings, Who who, TargetKind kind, double rate, double failed) {
    if (failed > 0 || Math.abs(rate - kind.rate) > 0.03 * kind.rate) {
      readings.note(
          "%s %s: %,.0f/s instead of %,d/s succeeded, %,.0f failed"
              .formatted(who, kind, rate, kind.rate, failed));
    }
  }
}
