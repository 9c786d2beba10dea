package io.eksnet.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.controller.page.FailedRun;
import io.eksnet.web.WebFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailedRunsTest {
  private static final Instant NOON = WebFixture.NOON;

  private final FailedRuns runs = new FailedRuns();

  @Test
  void mergesRunsWithTheSameOutcome() {
    runs.add(failed("a", "shop", 0, "timeout", "one"));
    runs.add(failed("a", "shop", 5, "timeout", "two"));
    runs.add(failed("a", "shop", 10, "reset", "three"));

    assertThat(runs.newest(NOON))
        .extracting(FailedRun::outcome, FailedRun::times, FailedRun::trace)
        .containsExactly(tuple("reset", 1L, "three"), tuple("timeout", 2L, "two"));
    assertThat(runs.newest(NOON).get(1).first()).isEqualTo(NOON);
    assertThat(runs.newest(NOON).get(1).at()).isEqualTo(NOON.plusSeconds(5));
  }

  @Test
  void keepsAFailureAfterRecoveryUntilItExpires() {
    runs.add(failed("a", "shop", 0, "timeout", ""));
    runs.add(seen("a", "shop", 5, "success", true, ""));

    assertThat(runs.newest(NOON.plusSeconds(60))).hasSize(1);
    assertThat(runs.newest(NOON.plus(Duration.ofHours(13)))).isEmpty();
  }

  @Test
  void ignoresProbesThatDidNotRun() {
    runs.add(failed("a", "shop", 0, "not_run", ""));

    assertThat(runs.newest(NOON)).isEmpty();
  }

  @Test
  void evictsTheOldest() {
    for (var i = 0; i < 1_000; i++) {
      runs.add(failed("a", "task-" + i, i, "timeout", ""));
    }

    assertThat(runs.newest(NOON)).hasSize(50);
    assertThat(runs.newest(NOON).get(0).probe()).isEqualTo("task-999");
  }

  private static AgentObservation failed(
      String node, String probe, int second, String outcome, String trace) {
    return seen(node, probe, second, outcome, false, trace);
  }

  private static AgentObservation seen(
      String node, String probe, int second, String outcome, boolean success, String trace) {
    return new AgentObservation(
        node,
        node + "/" + probe,
        probe,
        "tcp",
        "10.0.0.1:80",
        NOON.plusSeconds(second),
        outcome,
        success,
        "",
        "",
        trace,
        Optional.empty(),
        Optional.empty());
  }
}
