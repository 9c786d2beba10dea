package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final Rate growth = new Rate();

  @Test
  void isUnknownUntilEnoughWasSeen() {
    assertThat(growth.perSecond()).isEmpty();
    growth.add(NOON, 0);
    growth.add(NOON.plusSeconds(9), 90);
    assertThat(growth.perSecond()).isEmpty();
  }

  @Test
  void isThatOfTheLastMinute() {
    for (var second = 0; second <= 300; second++) {
      growth.add(NOON.plusSeconds(second), second < 240 ? 0 : 5L * (second - 240));
    }
    assertThat(growth.perSecond()).hasValue(5);
  }

  @Test
  void aClockThatGoesBackBeginsAnew() {
    growth.add(NOON, 0);
    growth.add(NOON.plusSeconds(60), 60);
    growth.add(NOON.minusSeconds(3_600), 61);
    assertThat(growth.perSecond()).isEmpty();
    growth.add(NOON.minusSeconds(3_590), 81);
    assertThat(growth.perSecond()).hasValue(2);
  }
}
