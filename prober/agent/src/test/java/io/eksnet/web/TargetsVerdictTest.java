package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
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

  @Test
  void resultsOlderThanThreeIntervalsAreUnknown() {
    var task =
        new Task(
            "node/a",
            new SeriesKey.UserProbeKey("a", "tcp", "t"),
            "tcp",
            new NoSettings(),
            Target.of("t", "127.0.0.1", 1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            false);
    var history = new History(1, 10);
    history.add(new Observation(task, AT, Duration.ZERO, new Outcome.Success(Timings.NONE)));

    assertThat(TargetsVerdict.of(List.of(task), history, AT.plusSeconds(29)).isClear()).isTrue();
    assertThat(TargetsVerdict.of(List.of(task), history, AT.plusSeconds(31)))
        .isEqualTo(new TargetsVerdict(1, 0, 1));
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
        "24 | 7 | 2 | 7 of 24 targets fail, no recent result from 2",
        "24 | 0 | 2 | no recent result from 2 of 24 targets",
      })
  void isNeverClearWithUnknownTargets(int targets, int failing, int unknown, String text) {
    assertThat(new TargetsVerdict(targets, failing, unknown).text()).isEqualTo(text);
  }
}
