package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimiterTest {
  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(4, 2);

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "fd00:0:0:0:0:0:0:1", "127.0.0.2"})
  void leavesRoomForOtherHosts(String host) {
    assertThat(acquired(host, 3)).isEqualTo(2);
    assertThat(acquired("10.0.0.9", 3)).isEqualTo(2);
    assertThat(acquired("10.0.0.8", 1)).isZero();

    limiter.release(host);

    assertThat(acquired("10.0.0.9", 1)).isZero();
    assertThat(acquired("10.0.0.8", 2)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0:0:0:0:0:0:0:1"})
  void limitsThisHostOnlyInAll(String host) {
    assertThat(acquired(host, 10)).isEqualTo(4);
  }

  @Test
  void countsReleasedRequestsNoMore() {
    for (var i = 0; i < 100; i++) {
      assertThat(acquired("10.0.0.1", 2)).isEqualTo(2);
      limiter.release("10.0.0.1");
      limiter.release("10.0.0.1");
    }
  }

  private int acquired(String host, int attempts) {
    var acquired = 0;
    for (var i = 0; i < attempts; i++) {
      acquired += limiter.tryAcquire(host) ? 1 : 0;
    }
    return acquired;
  }
}
