package io.eksnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.bench.Goal.Bound;
import io.eksnet.bench.Measurements.Who;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Goal CPU = new Goal("CPU", "cpu", Bound.AT_MOST_OF_BLACKBOX, 0.2);
  private static final Goal RATE = new Goal("rate", "rate", Bound.AT_LEAST_OF_BLACKBOX, 6);
  private static final Goal RSS = new Goal("RSS", "rss", Bound.AT_MOST, 64);

  private final Measurements readings = new Measurements();

  @Test
  void judgesTheMedianOfAllRepeats() {
    List.of(0.12, 9.0, 0.13).forEach(value -> readings.put("cpu", Who.EKSNET, value));
    readings.put("cpu", Who.BLACKBOX, 0.7);

    assertThat(CPU.verdict(readings)).isEqualTo("met");
  }

  @Test
  void saysByHowMuchItFallsShort() {
    readings.put("cpu", Who.EKSNET, 0.21);
    readings.put("cpu", Who.BLACKBOX, 0.7);
    readings.put("rate", Who.EKSNET, 9_000);
    readings.put("rate", Who.BLACKBOX, 2_000);
    readings.put("rss", Who.EKSNET, 96);

    assertThat(CPU.verdict(readings)).isEqualTo("short by 50 %");
    assertThat(RATE.verdict(readings)).isEqualTo("short by 25 %");
    assertThat(RSS.verdict(readings)).isEqualTo("short by 50 %");
  }

  @Test
  void whatWasNotMeasuredIsNotMet() {
    readings.put("cpu", Who.EKSNET, 0.1);
    readings.put("rss", Who.EKSNET, Double.NaN);

    assertThat(CPU.verdict(readings)).isEmpty();
    assertThat(RSS.verdict(readings)).isEmpty();
  }

  @Test
  void columnsStandUnderEachOther() {
    readings.put("cpu", Who.EKSNET, 0.1234);
    readings.put("cpu", Who.BLACKBOX, 0.7);
    readings.put("cpu", Who.FLOOR, 0.1);

    assertThat(Table.of(List.of(CPU, RSS), readings))
        .isEqualTo(
            """
            what      goal  eksnet  blackbox  floor  eksnet/blackbox  verdict
            CPU   <= 0.2 B   0.123       0.7    0.1            0.176  met
            """);
  }

  @Test
  void numbersShowThreeDigits() {
    assertThat(List.of(0.0, 0.12345, 1.5, 12.34, 12_345.6, Double.POSITIVE_INFINITY))
        .extracting(Table::number)
        .containsExactly("0", "0.123", "1.5", "12.3", "12,346", "beyond");
  }
}
