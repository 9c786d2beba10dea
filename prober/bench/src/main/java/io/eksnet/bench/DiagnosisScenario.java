package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;
import io.eksnet.diagnosis.Diagnosis;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.Inventory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A diagnosis of 1,000 nodes with 30 tasks each, four results a task, in this process. */
final class DiagnosisScenario implements Scenario {
  private static final int NODES = 1_000;
  private static final int TASKS = 30;
  private static final int RESULTS = 4;
  private static final int WARM_UP = 10;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public void run(TestBed stand, double seconds, Measurements readings) {
    var evidence = evidence();
    IntStream.range(0, WARM_UP).forEach(i -> once(evidence));
    var times = IntStream.range(0, 2 * WARM_UP + 1).mapToDouble(i -> once(evidence)).sorted();
    readings.put("diagnosis", Who.EKSNET, times.skip(WARM_UP).findFirst().orElseThrow());
  }

  /** Milliseconds. */
  private static double once(Evidence evidence) {
    var began = System.nanoTime();
    var findings = Diagnosis.of(evidence);
    var took = (System.nanoTime() - began) / 1e6;
    if (findings.isEmpty()) {
      throw new IllegalStateException("the VPC resolver fails, and no finding reports it");
    }
    return took;
  }

  private static Evidence evidence() {
    var agents = IntStream.range(0, NODES).mapToObj(DiagnosisScenario::agent).toList();
    return new Evidence(NOW, Inventory.EMPTY, agents);
  }

  private static AgentReport agent(int node) {
    var tracks = subjects(node).stream().map(DiagnosisScenario::track).toList();
    return new AgentReport("node-" + node, zone(node), tracks, HostReport.NOTHING);
  }

  private static List<SeriesKey> subjects(int node) {
    var all = new ArrayList<SeriesKey>();
    for (var queryClass : List.of("internal", "negative", "aws", "external")) {
      all.add(new DnsKey("service", "", queryClass, "A", "udp"));
      all.add(new DnsKey("vpc_resolver", "", queryClass, "A", "udp"));
      all.add(new DnsKey("backend", "10.0.0.10", queryClass, "A", "udp"));
    }
    for (var i = 1; all.size() < TASKS - 8; i++) {
      var peer = (node + i * 37) % NODES;
      all.add(new PodKey("node-" + peer, zone(node), zone(peer)));
    }
    for (var i = 0; all.size() < TASKS; i++) {
      all.add(new TargetKey("group-" + (node + i) % 50, "10.1." + i + "." + node % 250));
    }
    return all;
  }

  private static ResultWindow track(SeriesKey subject) {
    var lost =
        subject instanceof DnsKey dns
            && (dns.path().equals("vpc_resolver")
                || (dns.path().equals("service")
                    && List.of("aws", "external").contains(dns.queryClass())));
    var outcome = lost ? "timeout" : "success";
    return new ResultWindow(
        subject,
        IntStream.range(0, RESULTS)
            .mapToObj(
                i ->
                    new Result(
                        NOW.minusSeconds(15L * i),
                        outcome,
                        Phase.PROCESSING,
                        0,
                        false,
                        false,
                        3,
                        Map.of()))
            .toList());
  }

  private static String zone(int node) {
    return "zone-" + node % 3;
  }
}
