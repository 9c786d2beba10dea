package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.RootCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainCommandTest {
  @ParameterizedTest
  @EnumSource(RootCause.class)
  void printsTheSectionOfTheRunbook(RootCause cause) {
    assertThat(Commands.run("explain", cause.label()))
        .startsWith("# " + cause.label() + "\n\nLayer: " + cause.layer().label())
        .contains("Meaning: ", "Fix: ")
        .doesNotContain("\n### ");
  }

  @Test
  void listsAllCauses() {
    assertThat(Commands.run("explain").lines()).hasSize(RootCause.values().length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "coredns_failng | unknown cause \"coredns_failng\"; did you mean coredns_",
        "subnet-full | did you mean subnet_exhausted, ",
        "xyz | unknown cause \"xyz\"; eksnet explain lists all"
      })
  void suggestsSimilarCauses(String name, String message) {
    assertThat(Commands.run(1, "explain", name)).contains(message);
  }
}
