package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.web.EvidenceJson;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evidence survives a JSON round trip. */
class EvidenceRoundTripTest {
  private static final int THINNED = 5;

  @ParameterizedTest
  @EnumSource
  void readsEvidenceBackWithSameDiagnosis(Incidents incident) {
    assertReadBackWhole(incident.alone().evidence());
  }

  @ParameterizedTest
  @EnumSource
  void readsPartialEvidenceBackWithSameDiagnosis(Incidents incident) {
    var random = new Random(incident.ordinal());
    for (var i = 0; i < THINNED; i++) {
      assertReadBackWhole(thinned(incident.alone(), random).evidence());
    }
  }

  private static Scene thinned(Scene scene, Random random) {
    var thin = random.nextInt(4) == 0 ? scene.withoutAgents() : scene;
    for (Resource<?> part : Resources.all()) {
      thin =
          switch (random.nextInt(4)) {
            case 0 -> thin.without(part);
            case 1 -> thin.unavailable(part, Unavailable.Reason.values()[random.nextInt(6)]);
            default -> thin;
          };
    }
    return thin;
  }

  private static void assertReadBackWhole(Evidence evidence) {
    var read = EvidenceJson.read(EvidenceJson.write(evidence));

    assertThat(read).isEqualTo(evidence);
    assertThat(Diagnosis.of(read)).isEqualTo(Diagnosis.of(evidence));
  }
}
