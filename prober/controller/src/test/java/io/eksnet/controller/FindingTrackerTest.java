package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.BuildInfo;
import io.eksnet.controller.metrics.ControllerMetrics;
import io.eksnet.controller.metrics.DiagnosisMeters;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.metrics.Page;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FindingTrackerTest {
  private final Metrics metrics =
      new Metrics(
          FixedLabels.of("demo", Map.of()), List.of(), Duration.ofMinutes(1), BuildInfo.current());
  private final DiagnosisMeters meters =
      ControllerMetrics.register(metrics.instruments()).diagnosis();
  private final FindingTracker tracker =
      new FindingTracker(
          meters,
          finding ->
              finding.scope().equals("lb/known") ? Optional.of("accepted") : Optional.empty());

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void keepsTheTimeSinceWhenAFindingIsOpen() {
    tracker.diagnose(denied(0), () -> true);
    tracker.diagnose(denied(3), () -> true);

    assertThat(tracker.latest().at()).contains(at(3));
    assertThat(tracker.latest().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  /** The leadership may end during a diagnosis. */
  @Test
  void publishesNothingAfterTheLeadershipEnded() {
    tracker.diagnose(denied(0), () -> false);

    assertThat(tracker.latest().at()).isEmpty();
  }

  /** Rules that were read after the health of targets are no network ACL. */
  @Test
  void publishesAnInferredFindingOnlyAfterItsHoldTime() {
    tracker.update(List.of(inferred()), at(0), () -> true);
    tracker.update(List.of(inferred()), at(29), () -> true);
    assertThat(tracker.latest().findings()).isEmpty();

    tracker.update(List.of(inferred()), at(30), () -> true);
    assertThat(tracker.latest().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  @Test
  void aNewLeaderContinuesTheFindingsOfTheOneBefore() {
    tracker.update(List.of(inferred()), at(0), () -> true);
    tracker.update(List.of(inferred()), at(30), () -> true);
    var other = new FindingTracker(meters, finding -> Optional.empty());
    other.follow(tracker.latest());
    assertThat(other.latest().at()).isEmpty();

    other.update(List.of(inferred()), at(40), () -> true);

    assertThat(other.latest().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  @Test
  void aFailedDiagnosisHidesFindingsAndTheNextOneContinuesThem() {
    tracker.update(List.of(inferred()), at(0), () -> true);
    tracker.update(List.of(inferred()), at(30), () -> true);
    tracker.withdraw();
    assertThat(tracker.latest().at()).isEmpty();

    tracker.update(List.of(inferred()), at(36), () -> true);

    assertThat(tracker.latest().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  @Test
  void restartsTheHoldTimeWhenAFindingWasGone() {
    tracker.update(List.of(inferred()), at(0), () -> true);
    tracker.update(List.of(), at(20), () -> true);
    tracker.update(List.of(inferred()), at(40), () -> true);

    assertThat(tracker.latest().findings()).isEmpty();
  }

  @Test
  void keepsPublishedFindingsWhenTheClockIsSetBack() {
    tracker.update(List.of(inferred()), at(3600), () -> true);
    tracker.update(List.of(inferred()), at(3630), () -> true);

    tracker.update(List.of(inferred()), at(0), () -> true);

    assertThat(tracker.latest().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.since()).isEqualTo(at(0)));
  }

  @Test
  void restartsTheHoldTimeWhenTheClockIsSetBack() {
    tracker.update(List.of(inferred()), at(3600), () -> true);
    tracker.update(List.of(inferred()), at(0), () -> true);
    assertThat(tracker.latest().findings()).isEmpty();

    tracker.update(List.of(inferred()), at(30), () -> true);
    assertThat(tracker.latest().findings()).hasSize(1);
  }

  @Test
  void keepsNoticesAndIgnoredFindingsApart() {
    var notice = Finding.builder(RootCause.EXTENDED_SUPPORT, "cluster", 100);
    var known = Finding.builder(RootCause.APPLICATION_ERROR, "lb/known", 90);
    var wrong = Finding.builder(RootCause.APPLICATION_ERROR, "lb/other", 90);

    tracker.update(
        Stream.of(notice, known, wrong).map(f -> f.evidence("x").fix("y").build()).toList(),
        at(0),
        () -> true);

    assertThat(tracker.latest().findings())
        .extracting(found -> found.finding().scope())
        .containsExactly("lb/other");
    assertThat(tracker.latest().notices())
        .extracting(found -> found.finding().cause())
        .containsExactly(RootCause.EXTENDED_SUPPORT);
    assertThat(tracker.latest().ignored())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.reason()).isEqualTo("accepted");
              assertThat(one.found().since()).isEqualTo(at(0));
            });
    assertThat(scrape())
        .contains("eksnet_notice_active{cluster=\"demo\",notice=\"extended_support\"} 1")
        .doesNotContain("lb/known", "cause=\"extended_support\"");
    tracker.update(List.of(), at(3), () -> true);
    assertThat(scrape()).doesNotContain("eksnet_notice_active{");
  }

  private String scrape() {
    return Page.of(metrics).text();
  }

  private static Finding inferred() {
    return new Finding(
        RootCause.NACL_OR_ROUTE,
        "target_group/shop",
        new Confidence(70),
        List.of("targets of one zone time out"),
        List.of(),
        List.of("see the network ACLs"),
        List.of(),
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
