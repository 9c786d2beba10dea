package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.BuildInfo;
import io.eksnet.controller.metrics.ControllerMetrics;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiagnosingTest {
  private final Metrics metrics =
      new Metrics(
          FixedLabels.of("demo", Map.of()), List.of(), Duration.ofMinutes(1), BuildInfo.current());
  private final Diagnosing diagnosing =
      new Diagnosing(ControllerMetrics.register(metrics.instruments()).diagnosis());

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void whatIsFoundIsShownWithTheMomentSinceWhen() {
    diagnosing.of(denied(0), () -> true);
    diagnosing.of(denied(3), () -> true);

    assertThat(diagnosing.last().at()).contains(at(3));
    assertThat(diagnosing.last().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  /** The leadership may end while a diagnosis is made. */
  @Test
  void whoNoLongerLeadsShowsNothing() {
    diagnosing.of(denied(0), () -> false);

    assertThat(diagnosing.last().at()).isEmpty();
  }

  /** Rules that were read after the health of targets are no network ACL. */
  @Test
  void whatIsLeftWhenAllElseIsExcludedMustBeLeftForAWhile() {
    diagnosing.show(List.of(inferred()), at(0), () -> true);
    diagnosing.show(List.of(inferred()), at(29), () -> true);
    assertThat(diagnosing.last().findings()).isEmpty();

    diagnosing.show(List.of(inferred()), at(30), () -> true);
    assertThat(diagnosing.last().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  @Test
  void andForAWhileAgainOnceItWasNot() {
    diagnosing.show(List.of(inferred()), at(0), () -> true);
    diagnosing.show(List.of(), at(20), () -> true);
    diagnosing.show(List.of(inferred()), at(40), () -> true);

    assertThat(diagnosing.last().findings()).isEmpty();
  }

  @Test
  void whatWasToldStaysToldWhenTheClockIsSetBack() {
    diagnosing.show(List.of(inferred()), at(3600), () -> true);
    diagnosing.show(List.of(inferred()), at(3630), () -> true);

    diagnosing.show(List.of(inferred()), at(0), () -> true);

    assertThat(diagnosing.last().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  @Test
  void whatWasNotToldYetStandsFromTheNewTimeOnWhenTheClockIsSetBack() {
    diagnosing.show(List.of(inferred()), at(3600), () -> true);
    diagnosing.show(List.of(inferred()), at(0), () -> true);
    assertThat(diagnosing.last().findings()).isEmpty();

    diagnosing.show(List.of(inferred()), at(30), () -> true);
    assertThat(diagnosing.last().findings()).hasSize(1);
  }

  private static Finding inferred() {
    return new Finding(
        RootCause.NACL_OR_ROUTE,
        "target_group/shop",
        new Confidence(70),
        List.of("targets of one zone time out"),
        List.of(),
        List.of("see the network ACLs"),
        Set.of(),
        Duration.ofSeconds(30));
  }

  private static Evidence denied(int second) {
    Snapshot<List<Subnet>> subnets = Snapshot.notYet(Duration.ofSeconds(60));
    var refused = subnets.after(new Unavailable(Unavailable.Reason.DENIED, "not authorized"));
    return new Evidence(at(second), Inventory.EMPTY.with(Resources.SUBNETS, refused), List.of());
  }

  private static Instant at(int second) {
    return Instant.parse("2026-11-21T12:00:00Z").plusSeconds(second);
  }
}
