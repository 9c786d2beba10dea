package io.eksnet.controller.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.web.Views;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MatrixTest {
  @Test
  void showsAllNodesOfASmallClusterTheWorstFirst() {
    var matrix = Matrix.of(Views.incident(6));

    assertThat(matrix.nodes().stream().map(row -> row.state()))
        .containsExactly(
            HealthState.FAILING,
            HealthState.FAILING,
            HealthState.HEALTHY,
            HealthState.HEALTHY,
            HealthState.HEALTHY,
            HealthState.HEALTHY);
    assertThat(matrix.paths().stream().map(MatrixPath::name))
        .containsExactly(
            "DNS service",
            "DNS vpc resolver",
            "Services",
            "Pods in eu-west-1a",
            "Pods in eu-west-1b",
            "Pods in eu-west-1c",
            "Targets",
            "Load balancers",
            "STS");
  }

  @Test
  void zonesAggregateAllTheirNodes() {
    var matrix = Matrix.of(Views.incident(500));

    assertThat(matrix.zones().stream().map(Matrix.Row::nodes)).containsExactly(167, 167, 166);
    var dns = matrix.paths().get(0);
    assertThat(
            matrix.zones().stream()
                .map(zone -> zone.at(dns).health().failing())
                .reduce(0, Integer::sum))
        .isEqualTo(125);
    assertThat(matrix.nodes()).hasSize(20).allMatch(row -> row.state() == HealthState.FAILING);
    assertThat(matrix.omitted()).isEqualTo(new Matrix.Omitted(375, 105));
  }

  @Test
  void nodeWithoutReportsIsUnknown() {
    var healthy = Views.healthy(40);
    var view = Views.from(healthy, healthy.agents().subList(0, 39));

    var matrix = Matrix.of(view);

    assertThat(matrix.nodes()).hasSize(1);
    assertThat(matrix.nodes().get(0).state()).isEqualTo(HealthState.UNKNOWN);
    assertThat(ClusterPage.sections(view).get("matrix"))
        .contains("<span class=\"mute\"> not reporting");
  }

  @Test
  void staleResultsAreUnknownAndSomeUnknownIsNotHealthy() {
    var stale = Matrix.of(Views.later(Views.healthy(3), Duration.ofMinutes(5)));
    assertThat(stale.nodes()).allMatch(row -> row.state() == HealthState.UNKNOWN);

    var mixed = new HealthCounts(0, 0, 1, 9, Duration.ZERO);
    assertThat(mixed.state()).isEqualTo(HealthState.UNKNOWN);
    assertThat(mixed.worst()).isEqualTo(1);
  }

  @Test
  void oneFailedRunIsDegraded() {
    var agents = Stream.of(Views.agent(0, List.of(false, true))).toList();

    assertThat(Matrix.of(Views.from(Views.healthy(1), agents)).nodes().get(0).state())
        .isEqualTo(HealthState.DEGRADED);
  }

  @Test
  void shortNamesOmitTheCommonDomain() {
    var matrix = Matrix.of(Views.healthy(3));

    assertThat(matrix.shortName("ip-10-0-0-1.eu-west-1.compute.internal")).isEqualTo("ip-10-0-0-1");
    assertThat(matrix.shortName("other.example")).isEqualTo("other.example");
    assertThat(Matrix.of(Views.named("plain")).shortName("plain")).isEqualTo("plain");
  }
}
