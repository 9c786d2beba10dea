package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FirstLookTest {
  @Test
  void whatTheApisAloneSayIsAsSureAsEver() {
    var evidence = Incidents.SUBNETS_NOT_TAGGED.alone().evidence();

    assertThat(FirstLook.of(evidence)).isEqualTo(Diagnosis.of(evidence));
  }

  @Test
  void whatRestsOnProbesIsLessSure() {
    var evidence = Incidents.NO_NAT.alone().evidence();

    assertThat(percents(FirstLook.of(evidence))).containsExactly(60);
    assertThat(percents(Diagnosis.of(evidence))).containsExactly(80);
  }

  @ParameterizedTest
  @EnumSource
  void oneNodeOfManyAccusesNobodyElseThanAllDo(Incidents incident) {
    var whole = incident.alone().evidence();
    for (var agent : whole.agents()) {
      var one = new Evidence(whole.now(), whole.inventory(), List.of(agent));
      assertThat(causes(FirstLook.of(one)))
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
