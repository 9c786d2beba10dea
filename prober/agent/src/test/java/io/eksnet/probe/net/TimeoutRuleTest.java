package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.probe.net.TimeoutRule.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutRuleTest {
  private static final long TIMEOUT = 4_000;

  /** Milliseconds since the start of the run serve as well as nanoseconds. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // what happened                              | now  | sent | received | late | verdict
        "silent, and the loop was idle                | 4000 | 1    | 0        | 0    | TIMED_OUT",
        "silent, and the loop was late all the time   | 4000 | 1    | 0        | 3900 | TIMED_OUT",
        "slow peer, asked again at the end, idle loop | 4000 | 3900 | 3900     | 0    | TIMED_OUT",
        "the same, after a stall of 0.1 s             | 4000 | 3900 | 3900     | 100  | WAIT",
        "the same, 0.1 s later                        | 4100 | 3900 | 3900     | 100  | TIMED_OUT",
        "request left late: the loop was blocked      | 4000 | 3900 | 1        | 3800 | WAIT",
        "the same, after half of the timeout          | 5900 | 3900 | 1        | 3800 | TIMED_OUT",
        "request left after the deadline              | 4200 | 4200 | 1        | 4100 | WAIT",
        "response in progress, the loop was blocked   | 4000 | 100  | 3990     | 3000 | WAIT",
        "each step late, up to twice the timeout      | 8000 | 7900 | 7890     | 7000 | NOT_RUN",
        "flood that keeps the loop busy               | 8000 | 10   | 7999     | 7000 | TIMED_OUT",
        "woken after a suspension of an hour          | 3600000 | 1 | 0       | 3599000 | TIMED_OUT",
      })
  void judgesByTheTimeOfThePeer(
      String what, long now, long sent, long received, long late, Verdict expected) {
    var rule = new TimeoutRule(0, TIMEOUT);

    assertThat(rule.verdict(now, sent, received, late)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "3900, 1, 3800, 5900", // half of the timeout since the request left
    "3900, 3900, 100, 4100", // no longer than the loop was late
    "7000, 1, 9000, 8000", // never longer than twice the timeout
  })
  void extendsTheDeadline(long sent, long received, long late, long deadline) {
    assertThat(new TimeoutRule(0, TIMEOUT).extended(sent, received, late).nanos())
        .isEqualTo(deadline);
  }

  @ParameterizedTest
  @CsvSource({"0, TIMED_OUT", "1999, TIMED_OUT", "2000, NOT_RUN", "9000, NOT_RUN"})
  void aRunThatSentNothingDidNotRunIfTheLoopWasLate(long late, Verdict expected) {
    assertThat(new TimeoutRule(0, TIMEOUT).verdictUnsent(late)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE - 2_000, Long.MIN_VALUE, -3_000})
  void holdsWhenTheClockOverflows(long start) {
    var rule = new TimeoutRule(start, TIMEOUT);

    assertThat(rule.verdict(start + 4_000, start + 1, start, 0)).isEqualTo(Verdict.TIMED_OUT);
    assertThat(rule.verdict(start + 4_000, start + 3_900, start, 3_800)).isEqualTo(Verdict.WAIT);
    assertThat(rule.extended(start + 3_900, start, 3_800).nanos()).isEqualTo(start + 5_900);
  }

  @Test
  void waitsAtMostUntilTwiceTheTimeout() {
    var rule = new TimeoutRule(0, TIMEOUT);
    for (var now = TIMEOUT; now < 4 * TIMEOUT; now += 10) {
      if (rule.verdict(now, now, now, now) == Verdict.WAIT) {
        assertThat(now).isLessThan(2 * TIMEOUT);
      }
    }
  }
}
