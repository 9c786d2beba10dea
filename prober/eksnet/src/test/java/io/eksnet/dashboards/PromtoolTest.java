package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules, read and run by promtool. */
class PromtoolTest {
  @Test
  void theRulesAreValid() throws Exception {
    var command = new ArrayList<>(List.of("promtool", "check", "rules", "--lint=all"));
    command.add("--lint-fatal");
    Dashboards.files("alerts", ".yaml").forEach(file -> command.add(file.toString()));
    Dashboards.files("rules", ".yaml").forEach(file -> command.add(file.toString()));

    var checked = Command.run(Dashboards.ROOT, command);

    assertThat(checked.exit()).as(checked.output()).isZero();
  }

  @ParameterizedTest
  @MethodSource("tests")
  void theyFireWhereTheyMustAndNowhereElse(Path tests) throws Exception {
    var tested =
        Command.run(
            Dashboards.ROOT.resolve("tests"),
            "promtool",
            "test",
            "rules",
            tests.getFileName().toString());

    assertThat(tested.exit()).as(tested.output()).isZero();
  }

  @Test
  void theTestsFailWhereARuleIsWrong(@TempDir Path copy) throws Exception {
    for (var folder : List.of("alerts", "rules", "tests")) {
      Files.createDirectories(copy.resolve(folder));
    }
    Files.copy(Dashboards.ROOT.resolve("tests/ingress.yaml"), copy.resolve("tests/ingress.yaml"));
    var rules = Files.readString(Dashboards.ROOT.resolve("alerts/ingress.yaml"));
    Files.writeString(copy.resolve("alerts/ingress.yaml"), rules.replace("10 * 60", "60"));

    var tested = Command.run(copy.resolve("tests"), "promtool", "test", "rules", "ingress.yaml");

    assertThat(tested.exit()).isNotZero();
    assertThat(tested.output()).contains("EksNetIngressNoAddress");
  }

  private static Stream<Path> tests() throws IOException {
    return Dashboards.files("tests", ".yaml").stream();
  }
}
