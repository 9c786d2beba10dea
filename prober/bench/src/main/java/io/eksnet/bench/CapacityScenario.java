package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;
import java.util.StringJoiner;

/**
 * Probes per second on one core, 64 in flight; targets and drivers run on the other core. The agent
 * has no closed loop: its schedule exceeds its capacity and is limited to 64 runs in flight, so
 * that every run that ends starts a due one. A search downwards from there finds the highest rate
 * without a missed tick.
 */
final class CapacityScenario implements Scenario {
  private static final int FLIGHT = 64;
  private static final double MAX_WINDOW_SECONDS = 3;
  private static final double WARM_UP = 2;
  private static final double SATURATED = 0.8;
  private static final double MISSED_AT_MOST = 0.001;
  private static final double[] SHARES = {0.85, 0.7, 0.5, 0.3};

  @Override
  public void run(TestBed stand, double window, Measurements readings) throws Exception {
    var seconds = Math.min(window, MAX_WINDOW_SECONDS);
    stand.targetOn(Cores.OTHERS);
    try {
      for (var kind : TargetKind.values()) {
        var name = "capacity " + kind + " of ";
        Scenario.side(name + "blackbox", readings, () -> blackbox(stand, kind, seconds, readings));
        Scenario.side(name + "floor", readings, () -> floor(stand, kind, seconds, readings));
        Scenario.side(name + "eksnet", readings, () -> eksnet(stand, kind, seconds, readings));
      }
    } finally {
      stand.targetOn(Cores.ALL);
    }
    if (!Cores.pinned()) {
      readings.note("capacity: no second core or no taskset, so nothing was held to one core");
    }
  }

  private static void blackbox(
      TestBed stand, TargetKind kind, double seconds, Measurements readings) throws Exception {
    try (var blackbox = Blackbox.start(stand, Cores.MEASURED, 0);
        var driver = stand.driver(blackbox.port(), kind, 0, "flight=" + FLIGHT, Cores.OTHERS)) {
      Scenario.settle(2 * WARM_UP);
      var tally = MeasurementWindow.start(stand, blackbox.pid(), driver.pid());
      var rate = driver.rate(seconds);
      record(kind, Who.BLACKBOX, rate, tally.stop(), readings);
    }
  }

  private static void floor(TestBed stand, TargetKind kind, double seconds, Measurements readings)
      throws Exception {
    try (var floor = stand.floor(kind, 0, "flight=" + FLIGHT, Cores.MEASURED)) {
      WarmUp.toTop(5, () -> floor.rate(WARM_UP));
      var tally = MeasurementWindow.start(stand, floor.pid());
      var rate = floor.rate(seconds);
      record(kind, Who.FLOOR, rate, tally.stop(), readings);
    }
  }

  /** Others may take some of its core, and not as much from each; so it is by the core it had. */
  private static void record(
      TargetKind kind,
      Who who,
      double rate,
      MeasurementWindow.Result tally,
      Measurements readings) {
    var cores = tally.usage().cores();
    readings.put("capacity." + kind.label(), who, rate / cores);
    readings.put("reached." + kind.label(), who, rate);
    readings.put("had." + kind.label(), who, cores);
    tally.check("capacity " + kind, who, rate, readings);
    if (cores < SATURATED) {
      readings.note(
          "capacity %s: %s had or used %.2f of its core at %,.0f/s; the figure is for a whole one"
              .formatted(kind, who, cores, rate));
    }
  }

  /** More than a bare client reaches, by few targets, so that pages stay short. */
  private static ProbeLoad tooMuch(TargetKind kind) {
    var rate =
        switch (kind) {
          case HTTP -> 25_000;
          case HTTPS -> 5_000;
          case TCP -> 30_000;
          case DNS -> 45_000;
        };
    return new ProbeLoad(kind, rate / 10, 0, 100, FLIGHT);
  }

  private static void eksnet(TestBed stand, TargetKind kind, double seconds, Measurements readings)
      throws Exception {
    var beat = tooMuch(kind);
    try (var agent = AgentProcess.start(stand, Cores.MEASURED, beat.at(kind.rate))) {
      agent.run(WARM_UP);
      agent.take(beat);
      WarmUp.toTop(6, () -> agent.rate(WARM_UP));
      var tally = MeasurementWindow.start(stand, agent.pid());
      var most = window(agent, seconds).rate();
      record(kind, Who.EKSNET, most, tally.stop(), readings);
      sustain(agent, beat, most, seconds, readings);
    }
  }

  private static void sustain(
      AgentProcess agent, ProbeLoad beat, double most, double seconds, Measurements readings)
      throws InterruptedException {
    var tried = new StringJoiner(", ");
    for (var share : SHARES) {
      var slower = beat.at(share * most);
      agent.take(slower);
      Scenario.settle(WARM_UP);
      var window = window(agent, seconds);
      if (window.missed() <= MISSED_AT_MOST * window.succeeded() && window.failed() == 0) {
        readings.put("sustained." + beat.kind().label(), Who.EKSNET, window.rate());
        return;
      }
      tried.add(
          "at %,.0f/s %,.0f missed and %,.0f failed"
              .formatted(slower.rate(), window.missed(), window.failed()));
    }
    readings.note("no rate of " + beat.kind() + " probes was sustained: " + tried);
  }

  private static AgentCounts window(AgentProcess agent, double seconds)
      throws InterruptedException {
    var before = agent.count();
    Scenario.settle(seconds);
    return agent.count().since(before);
  }
}
