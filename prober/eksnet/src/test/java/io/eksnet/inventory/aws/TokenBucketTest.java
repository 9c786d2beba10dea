package io.eksnet.inventory.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000;
  private static final RateLimit BUDGET = new RateLimit(1, 2);

  @Test
  void afterTheBurstOneCallASecond() {
    var pace = TokenBucket.of(BUDGET, 0);
    assertThat(pace.until(0)).isZero();
    pace = pace.called(0).called(0);
    assertThat(pace.until(0)).isEqualTo(SECOND);
    assertThat(pace.until(SECOND / 2)).isEqualTo(SECOND / 2);
    assertThat(pace.until(SECOND)).isZero();
  }

  @Test
  void aLongRestGivesNoMoreThanTheBurst() {
    var pace =
        TokenBucket.of(BUDGET, 0).called(0).called(0).called(100 * SECOND).called(100 * SECOND);
    assertThat(pace.until(100 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void overADayNoMoreCallsThanTheBudget() {
    var pace = TokenBucket.of(BUDGET, 0);
    var now = 0L;
    var calls = 0;
    while (now < 86_400 * SECOND) {
      var wait = pace.until(now);
      now += wait;
      if (wait == 0) {
        pace = pace.called(now);
        calls++;
      }
    }
    assertThat(calls).isBetween(86_390, 86_402);
  }

  @Test
  void throttlingHalvesThePaceDownToAnEighth() {
    var pace = TokenBucket.of(BUDGET, 0);
    for (var i = 1; i < 10; i++) {
      pace = pace.throttled(2L * i * SECOND);
    }
    assertThat(pace.share()).isEqualTo(1.0 / 8);
    assertThat(pace.until(18 * SECOND)).isEqualTo(8 * SECOND);
  }

  @Test
  void callsThrottledTogetherAreOneEvent() {
    var pace = TokenBucket.of(BUDGET, 0).throttled(5 * SECOND).throttled(5 * SECOND + 1);
    assertThat(pace.share()).isEqualTo(0.5);
  }

  @Test
  void answersBringThePaceBackStepByStep() {
    var pace = TokenBucket.of(BUDGET, 0).throttled(0).throttled(2 * SECOND);
    var answers = 0;
    for (; pace.share() < 1; answers++) {
      pace = pace.answered((3 + answers) * SECOND);
    }
    assertThat(answers).isEqualTo(7);
  }
}
