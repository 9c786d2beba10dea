package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsVerdictTest {
  private static final Instant AT = Instant.parse("2026-11-21T03:00:00Z");

  private final History history = new History(10, 100);
  private final Task task =
      new Task(
          "node/a",
          new SeriesKey.UserProbeKey("a", "tcp", "t"),
          "tcp",
          new NoSettings(),
          Target.of("t", "127.0.0.1", 1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          false);

  private void add(int seconds, Outcome outcome) {
    history.add(new Observation(task, AT.plusSeconds(seconds), Duration.ZERO, outcome));
  }

  private TargetsVerdict verdict(int seconds) {
    return TargetsVerdict.of(List.of(task), history, AT.plusSeconds(seconds));
  }

  @Test
  void aTargetIsNotProbedAfterThreeIntervalsWithoutAResult() {
    assertThat(verdict(0)).isEqualTo(new TargetsVerdict(1, 0, 1));
    add(0, new Outcome.Success(Timings.NONE));

    assertThat(verdict(29).isClear()).isTrue();
    assertThat(verdict(30)).isEqualTo(new TargetsVerdict(1, 0, 1));
  }

  @Test
  void runsThatDidNotRunKeepNoStateBeyondThreeIntervals() {
    add(0, new Outcome.Failure(Phase.CONNECT, Cause.TIMEOUT, "no connection"));
    add(10, new Outcome.NotRun(Outcome.Reason.PROBER, "Too many open files", 1));
    add(20, new Outcome.NotRun(Outcome.Reason.STALL));

    assertThat(verdict(21)).isEqualTo(new TargetsVerdict(1, 1, 0));
    add(30, new Outcome.NotRun(Outcome.Reason.STALL));
    assertThat(verdict(31)).isEqualTo(new TargetsVerdict(1, 0, 1));
  }

  private record NoSettings() {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0  | 0 | 0 | No targets",
        "1  | 0 | 0 | All clear: 1 target",
        "24 | 0 | 0 | All clear: 24 targets",
        "24 | 1 | 0 | 1 of 24 targets fails",
        "24 | 7 | 2 | 7 of 24 targets fail, 2 not probed",
        "24 | 0 | 2 | 2 of 24 targets are not probed",
        "24 | 0 | 1 | 1 of 24 targets is not probed",
      })
  void isNeverClearWithTargetsThatAreNotProbed(int targets, int failing, int missing, String text) {
    assertThat(new TargetsVerdict(targets, failing, missing).text()).isEqualTo(text);
  }
}
