package io.eksnet.model.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultWindowTest {
  private static final Instant NEWEST = Instant.parse("2026-11-21T12:00:00Z");

  /** Results every ten seconds, newest first. */
  private static ResultWindow window(String... outcomes) {
    return new ResultWindow(
        new SeriesKey.UserProbeKey("shop", "http", "t"),
        IntStream.range(0, outcomes.length)
            .mapToObj(
                i ->
                    new Result(
                        NEWEST.minusSeconds(10L * i),
                        outcomes[i],
                        Phase.PROCESSING,
                        0,
                        false,
                        false,
                        0,
                        Map.of()))
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "success                            | true  | false",
        "not_run success                    | true  | false",
        "not_run not_run success            | true  | false",
        "not_run not_run not_run success    | false | false",
        "not_run timeout not_run timeout    | false | true",
        "not_run not_run timeout timeout    | false | true",
        "not_run not_run not_run timeout timeout | false | false",
        "timeout not_run not_run not_run timeout | false | true",
        "not_run not_run not_run            | false | false",
      })
  void isNeitherHealthyNorFailingAfterThreeRunsThatDidNotRun(
      String outcomes, boolean healthy, boolean failing) {
    var window = window(outcomes.split(" "));

    assertThat(window.healthy()).isEqualTo(healthy);
    assertThat(window.failing()).isEqualTo(failing);
    assertThat(window.last().isPresent()).isEqualTo(healthy || failing);
  }

  @Test
  void isFreshForThreeIntervalsAndAtLeastAMinute() {
    assertThat(window("success").freshFor()).isEmpty();
    assertThat(window("success", "timeout").freshFor()).hasValue(Duration.ofMinutes(1));
    assertThat(
            new ResultWindow(
                    window("success").key(),
                    window("success", "success", "success").results().stream()
                        .map(
                            r ->
                                at(
                                    r,
                                    NEWEST.minus(Duration.between(r.at(), NEWEST).multipliedBy(6))))
                        .toList())
                .freshFor())
        .hasValue(Duration.ofMinutes(3));
  }

  private static Result at(Result result, Instant at) {
    return new Result(
        at, result.outcome(), result.phase(), result.code(), false, false, result.took(), Map.of());
  }
}
