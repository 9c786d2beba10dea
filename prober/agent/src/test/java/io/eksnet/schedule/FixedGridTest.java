package io.eksnet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FixedGridTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00.123456789Z");
  private static final Duration EVERY = Duration.ofSeconds(15);

  @Test
  void nextTickIsAfterNowAndWithinOneInterval() {
    var random = new Random(1);
    for (var i = 0; i < 10_000; i++) {
      var now =
          Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
      var every = Duration.ofMillis(1 + random.nextInt(3_600_000));

      var next = FixedGrid.next("node/" + i, every, now);

      assertThat(next).isAfter(now).isBeforeOrEqualTo(now.plus(every));
    }
  }

  @Test
  void ticksAreExactlyOneIntervalApart() {
    var first = FixedGrid.next("node-a/http/shop", EVERY, NOW);

    assertThat(FixedGrid.next("node-a/http/shop", EVERY, first)).isEqualTo(first.plus(EVERY));
    assertThat(FixedGrid.next("node-a/http/shop", EVERY, first.minusNanos(1))).isEqualTo(first);
  }

  @Test
  void restartKeepsTheGrid() {
    var before = FixedGrid.next("node-a/http/shop", EVERY, NOW);
    var yearLater = FixedGrid.next("node-a/http/shop", EVERY, NOW.plus(Duration.ofDays(365)));

    assertThat(Duration.between(before, yearLater).toNanos() % EVERY.toNanos()).isZero();
  }

  @Test
  void thousandAgentsSpreadEvenlyOverTheInterval() {
    var perTenth = new int[10];
    IntStream.range(0, 1000)
        .mapToObj(node -> FixedGrid.next("node-" + node + "/lb/shop", EVERY, NOW))
        .mapToLong(due -> Duration.between(NOW, due).toMillis() * 10 / (EVERY.toMillis() + 1))
        .forEach(tenth -> perTenth[(int) tenth]++);

    assertThat(Arrays.stream(perTenth)).allSatisfy(n -> assertThat(n).isBetween(70, 130));
  }

  @Test
  void earlyWakeUpDoesNotRepeatATick() {
    var due = FixedGrid.next("a", EVERY, NOW);

    assertThat(FixedGrid.nextAfter("a", EVERY, due, due.minusMillis(1))).isEqualTo(due.plus(EVERY));
  }

  @Test
  void clockSetBackDoesNotStopTheSchedule() {
    var due = FixedGrid.next("a", EVERY, NOW);
    var setBack = due.minus(Duration.ofHours(1));

    assertThat(FixedGrid.nextAfter("a", EVERY, due, setBack))
        .isBeforeOrEqualTo(setBack.plus(EVERY));
  }

  @Test
  void lateTickSkipsThoseThatPassed() {
    var due = FixedGrid.next("a", EVERY, NOW);

    assertThat(FixedGrid.nextAfter("a", EVERY, due, due.plusSeconds(31)))
        .isEqualTo(due.plusSeconds(45));
    assertThat(FixedGrid.skipped(EVERY, Duration.ofSeconds(31))).isEqualTo(2);
    assertThat(FixedGrid.skipped(EVERY, Duration.ofMillis(-1))).isZero();
  }
}
