package io.eksnet.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.Settings;
import io.eksnet.probe.ProbeKinds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskPlanTest {
  private static final long MIB = 1 << 20;

  /** Half of the chart's memory limit. */
  private static final long AGENT_HEAP = 96 * MIB;

  @Test
  void tenThousandTargetsFitIntoTheMemoryOfAnAgent() {
    var plan = plan(probes(1, 10_000), AGENT_HEAP);

    assertThat(plan.tasks()).hasSize(10_000);
    assertThat(plan.dropped()).isEmpty();
  }

  @Test
  void limitsTargets() {
    var plan = plan("limits: {targets: 5}\n" + probes(2, 4), 1_024 * MIB);

    assertThat(plan.tasks()).hasSize(5);
    assertThat(plan.dropped()).isEqualTo(Map.of("tcp", 3));
  }

  @Test
  void dropsTargetsThatDoNotFitIntoTheHeap() {
    var large = plan("limits: {targets: 100000}\n" + probes(1, 20_000), AGENT_HEAP);
    assertThat(large.tasks()).hasSizeBetween(10_000, 15_000);
    assertThat(large.dropped()).isEqualTo(Map.of("tcp", 20_000 - large.tasks().size()));

    var many = plan(probes(20_000, 1), AGENT_HEAP);
    assertThat(many.tasks()).hasSizeBetween(2_000, 4_000);
    assertThat(many.dropped()).isEqualTo(Map.of("tcp", 20_000 - many.tasks().size()));
  }

  @Test
  void runsNothingRatherThanFailWithoutMemory() {
    assertThat(plan(probes(1, 3), 0).dropped()).isEqualTo(Map.of("tcp", 3));
  }

  private static TaskPlan plan(String yaml, long maxHeap) {
    return TaskPlan.of(settings(yaml), "node", List.of(), maxHeap);
  }

  private static String probes(int probes, int targets) {
    var yaml = new StringBuilder("probes:\n");
    for (var i = 0; i < probes; i++) {
      yaml.append("  - {name: p").append(i).append(", kind: tcp, targets: [");
      for (var j = 0; j < targets; j++) {
        yaml.append(j == 0 ? "" : ", ").append("'a").append(j).append(":1'");
      }
      yaml.append("]}\n");
    }
    return yaml.toString();
  }

  private static Settings settings(String yaml) {
    var reading = ConfigReader.read(yaml, ProbeKinds.byName());
    assertThat(reading).isInstanceOf(ConfigResult.Valid.class);
    return ((ConfigResult.Valid) reading).settings();
  }
}
