package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SingleRunDiagnosisTest {
  @Test
  void keepsConfidenceOfFindingsWithoutProbes() {
    var evidence = Incidents.SUBNETS_NOT_TAGGED.alone().evidence();

    assertThat(Diagnosis.ofSingleRun(evidence)).isEqualTo(Diagnosis.of(evidence));
  }

  @Test
  void lowersConfidenceOfFindingsFromProbes() {
    var evidence = Incidents.NO_NAT.alone().evidence();

    assertThat(percents(Diagnosis.ofSingleRun(evidence))).containsExactly(60);
    assertThat(percents(Diagnosis.of(evidence))).containsExactly(80);
  }

  @ParameterizedTest
  @EnumSource
  void singleNodeFindsNoOtherCauses(Incidents incident) {
    var whole = incident.alone().evidence();
    for (var agent : whole.agents()) {
      var one = new Evidence(whole.now(), whole.inventory(), List.of(agent));
      assertThat(causes(Diagnosis.ofSingleRun(one)))
          .filteredOn(cause -> !cause.equals("prober_trouble"))
          .isSubsetOf(causes(Diagnosis.of(whole)));
    }
  }

  private static List<Integer> percents(List<Finding> findings) {
    return findings.stream().map(finding -> finding.confidence().percent()).toList();
  }

  private static List<String> causes(List<Finding> findings) {
    return findings.stream().map(finding -> finding.cause().label()).toList();
  }
}
