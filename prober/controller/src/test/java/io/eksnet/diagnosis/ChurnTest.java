package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A healthy cluster has no findings while nodes and pods come and go. */
class ChurnTest {
  private static final int ROUNDS = 1_500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5})
  void findsNothingDuringChurnRolloutsAndStaleSources(long seed) {
    var controller = new VirtualController(seed);
    for (var round = 0; round < ROUNDS; round++) {
      var evidence = controller.next();

      assertThat(Diagnosis.of(evidence)).as("seed %d, round %d", seed, round).isEmpty();
      assertThat(evidence.agents()).allMatch(agent -> agent.windows().size() < 100);
    }
  }
}
