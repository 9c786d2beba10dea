package io.eksnet.bench;

import io.eksnet.bench.Readings.Who;

/**
 * Probes a second on one core, 64 in flight; targets and drivers on the other. The agent has no
 * closed loop: it is asked for more than it can and held to 64 runs in flight, so that each run
 * that ends lets one that is due start. What it reaches without a missed beat is looked for
 * downwards from there.
 */
final class CapacityScenario implements Scenario {
  private static final int FLIGHT = 64;
  private static final double LONGEST_WINDOW = 3;
  private static final double WARM_UP = 2;
  private static final double MISSED_AT_MOST = 0.001;
  private static final double[] SHARES = {0.85, 0.7, 0.5, 0.3};

  @Override
  public void run(Stand stand, double window, Readings readings) throws Exception {
    var seconds = Math.min(window, LONGEST_WINDOW);
    stand.targetOn(Cores.OTHERS);
    try {
      for (var kind : Kind.values()) {
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

  private static void blackbox(Stand stand, Kind kind, double seconds, Readings readings)
      throws Exception {
    try (var blackbox = Blackbox.start(stand, Cores.MEASURED, 0);
        var driver = stand.driver(blackbox.port(), kind, 0, "flight=" + FLIGHT, Cores.OTHERS)) {
      Scenario.settle(2 * WARM_UP);
      readings.put("capacity." + kind.label(), Who.BLACKBOX, driver.rate(seconds));
    }
  }

  private static void floor(Stand stand, Kind kind, double seconds, Readings readings)
      throws Exception {
    try (var floor = stand.floor(kind, 0, "flight=" + FLIGHT, Cores.MEASURED)) {
      WarmUp.toTop(5, () -> floor.rate(WARM_UP));
      readings.put("capacity." + kind.label(), Who.FLOOR, floor.rate(seconds));
    }
  }

  /** More than a bare client reaches, by few targets, so that pages stay short. */
  private static Beat tooMuch(Kind kind) {
    var rate =
        switch (kind) {
          case HTTP -> 25_000;
          case HTTPS -> 5_000;
          case TCP -> 30_000;
          case DNS -> 45_000;
        };
    return new Beat(kind, rate / 10, 0, 100, FLIGHT);
  }

  private static void eksnet(Stand stand, Kind kind, double seconds, Readings readings)
      throws Exception {
    var beat = tooMuch(kind);
    try (var agent = Agent.start(stand, Cores.MEASURED, beat.at(kind.rate))) {
      agent.run(WARM_UP);
      agent.take(beat);
      WarmUp.toTop(6, () -> agent.rate(WARM_UP));
      var most = window(agent, seconds).rate();
      readings.put("capacity." + kind.label(), Who.EKSNET, most);
      readings.put("sustained." + kind.label(), Who.EKSNET, sustained(agent, beat, most, seconds));
    }
  }

  private static double sustained(Agent agent, Beat beat, double most, double seconds)
      throws InterruptedException {
    for (var share : SHARES) {
      agent.take(beat.at(share * most));
      Scenario.settle(WARM_UP);
      var window = window(agent, seconds);
      if (window.missed() <= MISSED_AT_MOST * window.succeeded()) {
        return window.rate();
      }
    }
    return Double.NaN;
  }

  private static Runs window(Agent agent, double seconds) throws InterruptedException {
    var before = agent.count();
    Scenario.settle(seconds);
    return agent.count().since(before);
  }
}
