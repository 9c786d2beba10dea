package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.world.LabScenario;
import io.eksnet.lab.world.Scenarios;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lab does not depend on eksnet, so its files can misspell a cause. */
class ScenarioFindingsTest {
  static Stream<LabScenario> stories() {
    return Scenarios.all().stream();
  }

  @ParameterizedTest
  @MethodSource("stories")
  void everyExpectedOrForbiddenFindingIsACauseOfTheClosedList(LabScenario scenario) {
    var causes = Arrays.stream(RootCause.values()).map(RootCause::label).toList();

    for (var stage : scenario.stages()) {
      assertThat(causes).containsAll(stage.finds()).containsAll(stage.may());
      assertThat(causes).containsAll(stage.never());
      assertThat(scenario.allowed()).containsAll(stage.finds());
    }
  }
}
