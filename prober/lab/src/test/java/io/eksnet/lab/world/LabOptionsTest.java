package io.eksnet.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabOptionsTest {
  @Test
  void passesOptionsToTheProgramAndReturnsItsStatus() {
    var status =
        LabOptions.execute(
            "lab",
            options -> {
              assertThat(options.eksnet()).isEqualTo(java.nio.file.Path.of("/bin/sh"));
              assertThat(options.work()).isAbsolute().endsWithRaw(java.nio.file.Path.of("work"));
              assertThat(options.scenario()).map(LabScenario::name).contains("subnet-tags");
              return 7;
            },
            "--eksnet",
            "/bin/sh",
            "--work",
            "work",
            "--scenario",
            "subnet-tags");

    assertThat(status).isEqualTo(7);
  }

  @Test
  void exitsWithOneIfTheProgramFails() {
    var status =
        LabOptions.execute(
            "lab",
            options -> {
              throw new java.io.IOException("cannot listen");
            },
            "--eksnet",
            "/bin/sh");

    assertThat(status).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--eksnt, /bin/sh",
    "--eksnet, /no/such/program",
    "--scenario, subnet-tag",
  })
  void rejectsUnknownOptionsAndValues(String option, String value) {
    assertThat(LabOptions.execute("lab", options -> 0, option, value)).isEqualTo(2);
  }
}
