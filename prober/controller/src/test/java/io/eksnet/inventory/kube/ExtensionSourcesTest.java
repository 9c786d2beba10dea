package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.AggregatedApi.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionSourcesTest {
  /** Reasons of {@code kube-aggregator} (remote_available_controller.go), and one of another. */
  @ParameterizedTest
  @CsvSource({
    "ServiceNotFound,      NO_BACKEND",
    "ServicePortError,     NO_BACKEND",
    "EndpointsNotFound,    NO_BACKEND",
    "MissingEndpoints,     NO_BACKEND",
    "ServiceAccessError,   NONE",
    "EndpointsAccessError, NONE",
    "Maintenance,          NONE"
  })
  void onlyReasonsAboutTheServiceMeanThatItHasNoBackend(String reason, Problem expected) {
    assertThat(ExtensionSources.problem(reason, "service/metrics cannot be checked"))
        .isEqualTo(expected);
  }
}
