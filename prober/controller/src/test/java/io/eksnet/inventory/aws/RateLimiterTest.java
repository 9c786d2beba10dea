package io.eksnet.inventory.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong();
  private final RateLimiter limiter = new RateLimiter(new RateLimit(1, 2), now::get);

  @Test
  void allowsTheBurstAndThenTheRate() {
    assertThat(limiter.tryAcquire()).isZero();
    assertThat(limiter.tryAcquire()).isZero();
    assertThat(limiter.tryAcquire()).isEqualTo(SECOND);
    now.set(SECOND / 2);
    assertThat(limiter.tryAcquire()).isEqualTo(SECOND / 2);
    now.set(SECOND);
    assertThat(limiter.tryAcquire()).isZero();
  }

  @Test
  void idleTimeGivesNoMoreThanTheBurst() {
    limiter.tryAcquire();
    limiter.tryAcquire();
    now.set(100 * SECOND);
    limiter.tryAcquire();
    limiter.tryAcquire();
    assertThat(limiter.tryAcquire()).isEqualTo(SECOND);
  }

  @Test
  void keepsTheRateOverADay() {
    var requests = 0;
    while (now.get() < 86_400 * SECOND) {
      var wait = limiter.tryAcquire();
      now.addAndGet(wait);
      if (wait == 0) {
        requests++;
      }
    }
    assertThat(requests).isBetween(86_390, 86_402);
  }

  @Test
  void throttlingHalvesTheRateDownToAnEighth() {
    for (var i = 1; i < 10; i++) {
      now.set(2L * i * SECOND);
      limiter.onThrottled();
    }
    assertThat(limiter.fraction()).isEqualTo(1.0 / 8);
    assertThat(limiter.tryAcquire()).isEqualTo(8 * SECOND);
  }

  @Test
  void requestsThrottledTogetherCountOnce() {
    now.set(5 * SECOND);
    limiter.onThrottled();
    now.incrementAndGet();
    limiter.onThrottled();
    assertThat(limiter.fraction()).isEqualTo(0.5);
  }

  @Test
  void successesRestoreTheRateStepByStep() {
    limiter.onThrottled();
    now.set(2 * SECOND);
    limiter.onThrottled();
    var successes = 0;
    for (; limiter.fraction() < 1; successes++) {
      now.set((3 + successes) * SECOND);
      limiter.onSuccess();
    }
    assertThat(successes).isEqualTo(7);
  }

  @Test
  void retryTakesATokenFromTheNextRequest() {
    limiter.tryAcquire();

    limiter.onRetry();

    assertThat(limiter.tryAcquire()).isEqualTo(SECOND);
  }
}
