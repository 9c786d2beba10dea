package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0  | 0 | 0 | Nothing is probed",
        "1  | 0 | 0 | All clear: 1 target",
        "24 | 0 | 0 | All clear: 24 targets",
        "24 | 1 | 0 | 1 of 24 targets fails",
        "24 | 7 | 2 | 7 of 24 targets fail, nothing known of 2",
        "24 | 0 | 2 | nothing known of 2 of 24 targets",
      })
  void whatIsUnknownIsNeverCalledClear(int targets, int failing, int unknown, String text) {
    assertThat(new Verdict(targets, failing, unknown).text()).isEqualTo(text);
  }
}
