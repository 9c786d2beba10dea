package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;

/** From the start of the program to its first finished probe. */
final class StartScenario implements Scenario {
  private static final int STARTS = 3;
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int STEP_MILLIS = 20;

  @Override
  public void run(TestBed stand, double seconds, Measurements readings) throws Exception {
    var beat = new ProbeLoad(TargetKind.HTTP, 100, 0, 1_000, ProbeLoad.USUAL_FLIGHT);
    for (var n = 0; n < STARTS; n++) {
      stand.answered();
      var began = System.currentTimeMillis();
      try (var agent = AgentProcess.launch(stand, Cores.ALL, beat)) {
        readings.put("start", Who.EKSNET, firstAnswer(stand, agent) - began);
      }
      readings.put("start", Who.BLACKBOX, blackbox(stand));
    }
  }

  /** When the target first answered, which is when the probe ends but for a round trip. */
  private static double firstAnswer(TestBed stand, AgentProcess agent) throws InterruptedException {
    for (var waited = 0; waited < TIMEOUT_MILLIS; waited += STEP_MILLIS) {
      var counted = stand.answered();
      if (counted.get("answered") > 0) {
        return counted.get("first_ms");
      }
      agent.mustRun();
      Scenario.settle(STEP_MILLIS / 1_000.0);
    }
    return Double.NaN;
  }

  private static double blackbox(TestBed stand) throws Exception {
    var target = stand.ports().targets(TargetKind.HTTP, 1, 0).get(0);
    var began = System.nanoTime();
    try (var blackbox = Blackbox.start(stand, Cores.ALL, 0)) {
      new ScrapeClient(blackbox.port()).page("/probe?module=http&target=" + target);
      return (System.nanoTime() - began) / 1e6;
    }
  }
}
