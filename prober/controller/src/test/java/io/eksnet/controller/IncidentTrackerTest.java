package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.BuildInfo;
import io.eksnet.controller.metrics.ControllerMetrics;
import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.ClusterDependencies.Since;
import io.eksnet.controller.web.ReplicaState;
import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.metrics.Page;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentTrackerTest {
  private static final Instant START = Instant.parse("2026-11-29T02:58:10Z");
  private static final Finding DOWN = finding("node/a");

  private final Metrics metrics =
      new Metrics(
          FixedLabels.of("demo", Map.of()), List.of(), Duration.ofMinutes(1), BuildInfo.current());
  private final ControllerMetrics controller = ControllerMetrics.register(metrics.instruments());
  private final IncidentTracker tracker = new IncidentTracker(controller.incidents());

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void aNewLeaderContinuesTheIncidentAndClosesItOnlyWhenItHasReadEverything() {
    update(tracker, 0, Inventory.EMPTY, DOWN);
    var id = tracker.history().all().get(0).id();
    var other = new IncidentTracker(controller.incidents());
    other.follow(state(tracker));
    other.lead(START.plusSeconds(30));

    update(other, 45, Inventory.EMPTY);
    assertThat(other.history().open()).extracting(Incident::id).containsExactly(id);
    update(other, 60, Inventory.EMPTY, DOWN);
    update(other, 89, Inventory.EMPTY);
    assertThat(other.history().open()).hasSize(1);

    update(other, 90, Inventory.EMPTY);
    assertThat(other.history().all())
        .singleElement()
        .satisfies(one -> assertThat(one.closed()).contains(START.plusSeconds(90)));
  }

  /** A finding that lacks its facts has not ended; it stays for an hour at most. */
  @Test
  void nothingClosesWhileWhatWasKnownIsStale() {
    var known = subnets(0, Map.of());
    update(tracker, 0, known, DOWN);

    update(tracker, 90, Inventory.EMPTY, known);
    assertThat(tracker.history().open()).hasSize(1);
    update(tracker, 100, known, known, DOWN);
    update(tracker, 110, Inventory.EMPTY, known);
    update(tracker, 110 + 3_599, Inventory.EMPTY, known);
    assertThat(tracker.history().open()).hasSize(1);

    update(tracker, 110 + 3_600, Inventory.EMPTY, known);
    assertThat(tracker.history().open()).isEmpty();
  }

  @Test
  void whatIsReadForTheFirstTimeOrAgainHasNotChanged() {
    update(tracker, 0, Inventory.EMPTY);
    update(tracker, 3, subnets(3, Map.of("a", "1")));
    var unread =
        Inventory.EMPTY.with(
            Resources.SUBNETS,
            Snapshot.<List<Subnet>>notYet(Duration.ofMinutes(1))
                .after(new Unavailable(Unavailable.Reason.THROTTLED, "")));
    update(tracker, 6, unread);
    update(tracker, 9, subnets(9, Map.of("a", "1")));
    assertThat(tracker.changes()).isEmpty();

    update(tracker, 12, unread);
    update(tracker, 15, subnets(15, Map.of("a", "2")));
    assertThat(tracker.changes())
        .containsExactly(
            new Change(
                START.plusSeconds(9),
                START.plusSeconds(15),
                Change.Kind.CHANGED,
                "subnet/subnet-1",
                List.of(),
                "tags",
                "a=1",
                "a=2",
                ""));
  }

  /** What changed while no replica led is found, too. */
  @Test
  void aNewLeaderComparesWithTheInventoryOfTheOneBefore() {
    update(tracker, 0, subnets(0, Map.of("a", "1")));
    var other = new IncidentTracker(controller.incidents());
    other.follow(state(tracker, subnets(0, Map.of("a", "1"))));
    other.lead(START.plusSeconds(30));

    update(other, 45, Inventory.EMPTY);
    update(other, 60, subnets(60, Map.of()));

    assertThat(other.changes())
        .extracting(Change::text)
        .containsExactly("subnet/subnet-1: tags: a=1 removed");
  }

  @Test
  void keepsChangesForADayAndAtMost1000() {
    update(tracker, 0, subnets(0, Map.of("n", "0")));
    for (int i = 1; i <= 1_005; i++) {
      update(tracker, i, subnets(i, Map.of("n", String.valueOf(i))));
    }
    assertThat(tracker.changes()).hasSize(1_000);
    assertThat(tracker.changes().get(999).to()).isEqualTo("n=1005");

    update(tracker, 1_000 + 86_400, Inventory.EMPTY);
    assertThat(tracker.changes())
        .extracting(Change::to)
        .containsExactly("n=1000", "n=1001", "n=1002", "n=1003", "n=1004", "n=1005");
  }

  @Test
  void exportsTheRootCausesOfOpenIncidents() {
    update(tracker, 0, Inventory.EMPTY, DOWN, finding("node/b"));
    var series = "eksnet_incident_open{cause=\"ipamd_down\",cluster=\"demo\",layer=\"l3\"} 1";
    assertThat(scrape()).contains(series);

    update(tracker, 90, Inventory.EMPTY);
    assertThat(scrape()).doesNotContain("eksnet_incident_open{");

    update(tracker, 100, Inventory.EMPTY, DOWN);
    assertThat(scrape()).contains(series);
    tracker.clearMetrics();
    assertThat(scrape()).doesNotContain("eksnet_incident_open{");
  }

  private String scrape() {
    return Page.of(metrics).text();
  }

  private static void update(
      IncidentTracker tracker, int second, Inventory inventory, Finding... findings) {
    update(tracker, second, inventory, inventory, findings);
  }

  private static void update(
      IncidentTracker tracker, int second, Inventory fresh, Inventory known, Finding... findings) {
    var now = START.plusSeconds(second);
    tracker.update(
        new Evidence(now, fresh, List.of()),
        new Diagnosed(
            Optional.of(now),
            Arrays.stream(findings).map(finding -> new Since(now, finding)).toList(),
            List.of(),
            List.of()),
        known);
  }

  private static ReplicaState state(IncidentTracker tracker) {
    return state(tracker, Inventory.EMPTY);
  }

  /** As the other replica gets it. */
  private static ReplicaState state(IncidentTracker tracker, Inventory inventory) {
    return ReplicaState.read(
        new ReplicaState(
                START,
                new Evidence(START, inventory, List.of()),
                List.of(),
                Diagnosed.NOT_YET,
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                tracker.history().all(),
                tracker.changes())
            .write());
  }

  private static Inventory subnets(int second, Map<String, String> tags) {
    var subnet = new Subnet("subnet-1", "a", "10.0.0.0/24", 7, Set.of(), tags, List.of());
    return Inventory.EMPTY.with(
        Resources.SUBNETS,
        Snapshot.of(List.of(subnet), START.plusSeconds(second), Duration.ofMinutes(1)));
  }

  private static Finding finding(String scope) {
    return Finding.builder(RootCause.IPAMD_DOWN, scope, 90).evidence("seen").fix("fix").build();
  }
}
