package io.eksnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The measurements behind the table of causes. */
class CausesRunTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void rowHasTimesOfCausesAndUnexpectedCauses() {
    var row = new CausesRow("two", List.of("a", "b", "c"));
    var due = List.of("a", "b");
    row.saw(due, Map.of("a", "medium", "c", "low"), 3 * SECOND);
    row.saw(due, Map.of("a", "high", "d", "low"), 5 * SECOND);

    assertThat(row.isSureOf(List.of("a"))).isTrue();
    assertThat(row.isSureOf(due)).isFalse();

    row.stillSaw(Map.of("a", "high"), 9 * SECOND);

    assertThat(row.says())
        .isEqualTo("| `two` | `a`<br>`b` | 3<br>never | 5<br>never | 9 | `d` |" + "\n");
  }

  @Test
  void findingThatStaysIsNeverClear() {
    var row = new CausesRow("one", List.of("a"));
    row.saw(List.of("a"), Map.of("a", "high"), 3 * SECOND);
    row.stillSaw(Map.of("a", "high"), 360 * SECOND);
    row.neverClear();

    assertThat(row.says()).isEqualTo("| `one` | `a` | 3 | 3 | never |  |" + "\n");
  }

  @Test
  void theConfigOfTheLabIsLeftWithTheProgramsOwnIntervals() {
    assertThat(
            CausesRun.withDefaults(
                """
                suites:
                  dns: {interval: 5s, timeout: 2s, nodelocal: false}
                  pod: {interval: 5s}
                polls: {subnets: 10s, fargate_profiles: 20s}
                controller: {every: 3s, loopback: true}
                """))
        .isEqualTo(
            """
            suites:
              dns: {nodelocal: false}
              pod: {}
            controller: {loopback: true}
            """);
  }
}
