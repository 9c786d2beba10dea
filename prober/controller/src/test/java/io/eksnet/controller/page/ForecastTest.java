package io.eksnet.controller.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.page.FreeAddresses.Sample;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.web.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForecastTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(List.of(), "too little data: 0 samples"),
        Arguments.of(samples(1, i -> 9), "too little data: 1 sample"),
        Arguments.of(samples(4, i -> 90 - i), "too little data: 4 samples over 3 min"),
        Arguments.of(samples(10, i -> 90 - i), "too little data: 10 samples over 9 min"),
        Arguments.of(samples(31, i -> 150 - 2 * i), "none left in about 45 min at 120/h"),
        Arguments.of(samples(31, i -> 10_000 - i), "falling by 60/h"),
        Arguments.of(samples(31, i -> 100 + i), "rising by 60/h"),
        Arguments.of(samples(31, i -> 100), "steady"),
        Arguments.of(samples(31, i -> i % 2 == 0 ? 100 : 90), "steady"),
        Arguments.of(samples(31, i -> Math.max(0, 20 - i)), "none left"),
        Arguments.of(samples(2, i -> 0), "none left"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forecastsOnlyLinearTrends(List<Sample> samples, String text) {
    assertThat(Forecast.of(samples).text()).isEqualTo(text);
  }

  @Test
  void keepsOneSamplePerMinuteUntilItExpiresOrTheSubnetIsDeleted() {
    var kept = new FreeAddresses();
    for (var second = 0; second < 20_000; second += 20) {
      kept.add(inventory("a", second, second / 20));
    }

    assertThat(kept.samples().getOrDefault("a", List.of())).hasSize(180);
    assertThat(kept.samples().getOrDefault("a", List.of()).get(179).at())
        .isEqualTo(START.plusSeconds(19_980));

    kept.add(Inventory.EMPTY);
    assertThat(kept.samples()).containsOnlyKeys("a");
    kept.add(inventory("b", 20_100, 7));
    assertThat(kept.samples()).containsOnlyKeys("b");
  }

  @Test
  void recordsAReadingOnce() {
    var kept = new FreeAddresses();
    kept.add(inventory("a", 0, 5));
    kept.add(inventory("a", 0, 5));

    assertThat(kept.samples().getOrDefault("a", List.of())).containsExactly(new Sample(START, 5));
  }

  private static Inventory inventory(String id, int second, int available) {
    var subnet = Views.subnet(id, "10.0.0.0/24", available);
    return Inventory.EMPTY.with(
        Resources.SUBNETS,
        Snapshot.of(List.<Subnet>of(subnet), START.plusSeconds(second), Duration.ofMinutes(1)));
  }

  private static List<Sample> samples(int count, IntUnaryOperator available) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Sample(START.plusSeconds(60L * i), available.applyAsInt(i)))
        .toList();
  }
}
