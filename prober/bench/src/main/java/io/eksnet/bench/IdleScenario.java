package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;
import java.util.List;

/** What a small agent takes when it has been up for a while. Takes six minutes. */
final class IdleScenario implements Scenario {
  private static final double WARM_UP = 300;
  private static final double WINDOW = 60;

  @Override
  public void run(TestBed stand, double seconds, Measurements readings) throws Exception {
    var beat = new ProbeLoad(TargetKind.HTTP, 100, 5, 10_000, ProbeLoad.USUAL_FLIGHT);
    try (var agent = AgentProcess.start(stand, Cores.ALL, beat)) {
      agent.run(WARM_UP);
      var meter = new Meter(agent.pid(), List.of());
      agent.run(WINDOW);
      readings.put("idle.cores", Who.EKSNET, meter.stop().cores());
    }
  }
}
