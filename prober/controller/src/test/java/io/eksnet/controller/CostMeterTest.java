package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CostMeterTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final CostMeter.Rate rate = new CostMeter.Rate();

  @Test
  void rateIsUnknownBeforeTenSeconds() {
    assertThat(rate.perSecond()).isEmpty();
    rate.add(NOON, 0);
    rate.add(NOON.plusSeconds(9), 90);
    assertThat(rate.perSecond()).isEmpty();
  }

  @Test
  void rateIsThatOfTheLastMinute() {
    for (var second = 0; second <= 300; second++) {
      rate.add(NOON.plusSeconds(second), second < 240 ? 0 : 5L * (second - 240));
    }
    assertThat(rate.perSecond()).hasValue(5);
  }

  @Test
  void restartsWhenTheClockIsSetBack() {
    rate.add(NOON, 0);
    rate.add(NOON.plusSeconds(60), 60);
    rate.add(NOON.minusSeconds(3_600), 61);
    assertThat(rate.perSecond()).isEmpty();
    rate.add(NOON.minusSeconds(3_590), 81);
    assertThat(rate.perSecond()).hasValue(2);
  }
}
