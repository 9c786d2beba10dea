package io.eksnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DurationSamplesTest {
  @Test
  void quantileIsAValueThatWasSeen() {
    var durations = new DurationSamples();
    LongStream.rangeClosed(1, 2_000).map(n -> (2_001 - n) * 1_000_000).forEach(durations::add);

    assertThat(durations.quantile(0.5)).isEqualTo(1.0);
    assertThat(durations.quantile(0.99)).isEqualTo(1.98);
    assertThat(durations.quantile(1)).isEqualTo(2.0);
  }

  @Test
  void nothingSeenIsNotZero() {
    var durations = new DurationSamples();
    durations.add(5);
    durations.clear();

    assertThat(durations.quantile(0.99)).isNaN();
  }
}
