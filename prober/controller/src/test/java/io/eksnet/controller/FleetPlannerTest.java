package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.Settings;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.probe.ProbeKinds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetPlannerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final List<String> dropped = new ArrayList<>();
  private final FleetPlanner planner =
      new FleetPlanner((suite, many) -> dropped.add(suite + " " + many));

  @Test
  void reportsEverySuiteBeforeAnyLimitIsExceeded() {
    planner.plan(settings(), backends(1));

    assertThat(dropped)
        .containsExactly(
            "dns 0",
            "service 0",
            "pod 0",
            "target 0",
            "lb 0",
            "endpoints 0",
            "annotated 0",
            "probe_resource 0");
  }

  @Test
  void reportsDroppedAssignmentsWhenTheirNumberChanges() {
    planner.plan(settings(), backends(50));
    dropped.clear();

    planner.plan(settings(), backends(53));
    planner.plan(settings(), backends(53));
    assertThat(dropped).containsExactly("dns 3");

    planner.plan(settings(), backends(50));
    planner.plan(settings(), backends(54));
    assertThat(dropped).containsExactly("dns 3", "dns 4");
  }

  private static Settings settings() {
    return ((ConfigResult.Valid) ConfigReader.read("", ProbeKinds.byName())).settings();
  }

  private static Inventory backends(int many) {
    var pods =
        IntStream.range(0, many)
            .mapToObj(
                i ->
                    new DnsPod(
                        "coredns-" + i,
                        "n",
                        "10.0.0." + (i + 1),
                        "Running",
                        true,
                        Scheduling.DONE,
                        "",
                        NOW,
                        ""))
            .toList();
    var agents = new AgentFleet(1, List.of(new Agent("n", "a", "10.0.1.1", true)));
    return Inventory.EMPTY
        .with(Resources.DNS_PODS, Snapshot.of(pods, NOW, Duration.ofMinutes(1)))
        .with(Resources.AGENTS, Snapshot.of(agents, NOW, Duration.ofMinutes(1)));
  }
}
