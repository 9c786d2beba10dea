package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;
import java.util.List;

/** What a scrape costs an agent that does nothing else: 1,000 targets, the next run far away. */
final class ScrapeScenario implements Scenario {
  private static final int TARGETS = 1_000;
  private static final long FAR_MILLIS = 24 * 3_600_000;

  /** After fewer, the compilers take more CPU time than the scrapes. */
  private static final int WARM_UPS = 500;

  private static final int SCRAPES = 40;
  private static final double PER = 10_000;

  @Override
  public void run(TestBed stand, double seconds, Measurements readings) throws Exception {
    var beat = new ProbeLoad(TargetKind.HTTP, TARGETS, 0, FAR_MILLIS, ProbeLoad.USUAL_FLIGHT);
    try (var agent = AgentProcess.start(stand, Cores.ALL, beat)) {
      var series = MetricsText.series(agent.scrape());
      scrape(agent, WARM_UPS, false);
      scrape(agent, WARM_UPS, true);
      measure(agent, series, false, "scrape", readings);
      measure(agent, series, true, "scrape.gzip", readings);
    }
  }

  private static void measure(
      AgentProcess agent, long series, boolean compressed, String name, Measurements readings) {
    var meter = new Meter(agent.pid(), List.of());
    scrape(agent, SCRAPES, compressed);
    var usage = meter.stop();
    var share = PER / series / SCRAPES;
    readings.put(name + ".cpu", Who.EKSNET, usage.cpuMillis() * share);
    readings.put(name + ".time", Who.EKSNET, usage.millis() * share);
  }

  private static void scrape(AgentProcess agent, int times, boolean compressed) {
    for (var n = 0; n < times; n++) {
      agent.web().fetchOnly("/metrics", compressed);
    }
  }
}
