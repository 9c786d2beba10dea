package io.eksnet.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.incident.IncidentHistory.Diagnosed;
import io.eksnet.incident.IncidentHistory.Open;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IncidentHistoryTest {
  private static final Instant START = Instant.parse("2026-11-29T02:58:10Z");
  private static final Finding BLOCKED =
      finding(RootCause.SECURITY_GROUP_BLOCKS_TARGET, "target_group/web", 95);
  private static final Finding FAILING_OPEN =
      finding(RootCause.TARGET_GROUP_FAILING_OPEN, "target_group/web", 90);

  @Test
  void opensAtTheStartOfItsFirstFindingAndClosesWhenTheLastEnds() {
    var opened = at(IncidentHistory.NONE, 30, BLOCKED);
    var closed = at(at(opened, 60, BLOCKED), 90);

    var incident = only(closed);
    assertThat(incident.opened()).isEqualTo(START.plusSeconds(30));
    assertThat(incident.closed()).contains(START.plusSeconds(90));
    assertThat(incident.id()).startsWith("inc-20261129-0258-").hasSize(22);
    assertThat(only(opened).id()).isEqualTo(incident.id());
    assertThat(closed.find(incident.id())).contains(incident);
    assertThat(closed.open()).isEmpty();
  }

  @Test
  void isStableWhileNothingChanges() {
    var opened = at(IncidentHistory.NONE, 0, BLOCKED);

    assertThat(at(at(opened, 3, BLOCKED), 6, BLOCKED)).isEqualTo(opened);
  }

  @Test
  void aFindingThatComesBackWithinMinutesContinuesItsIncident() {
    var closed = at(at(IncidentHistory.NONE, 0, BLOCKED), 30);

    var soon = at(closed, 30 + 299, BLOCKED);
    assertThat(only(soon).isOpen()).isTrue();
    assertThat(only(soon).id()).isEqualTo(only(closed).id());

    var late = at(closed, 30 + 301, BLOCKED);
    assertThat(late.all()).hasSize(2).extracting(Incident::id).doesNotHaveDuplicates();
    assertThat(late.open()).hasSize(1);
  }

  @Test
  void keepsTheConfidenceOverTimeAndTheFirstEvidence() {
    var first = finding(RootCause.SECURITY_GROUP_BLOCKS_TARGET, "target_group/web", 60, "6 of 6");
    var incidents = at(at(at(IncidentHistory.NONE, 0, first), 3, first), 30, BLOCKED);

    var part = only(incidents).parts().get(0);
    assertThat(part.confidence())
        .containsExactly(
            new Incident.ConfidenceSample(START, 60),
            new Incident.ConfidenceSample(START.plusSeconds(30), 95));
    assertThat(part.firstEvidence()).containsExactly("6 of 6");
    assertThat(part.finding()).isEqualTo(BLOCKED);
  }

  @Test
  void aConsequenceJoinsTheIncidentOfItsCause() {
    var incidents = at(at(IncidentHistory.NONE, 0, FAILING_OPEN), 30, FAILING_OPEN, BLOCKED);

    assertThat(only(incidents).parts()).hasSize(2);
    assertThat(only(incidents).causes()).containsExactly(RootCause.SECURITY_GROUP_BLOCKS_TARGET);
  }

  @Test
  void findingsNextToEachOtherOnThePathOfRequestsAreOneIncident() {
    var errors = finding(RootCause.APPLICATION_ERROR, "lb/shop", 90);
    var empty = finding(RootCause.NO_READY_ENDPOINTS, "target_group/web", 90);
    var elsewhere = finding(RootCause.LB_PROVISIONING, "lb/other", 95);

    var incidents = at(IncidentHistory.NONE, 0, errors, empty, elsewhere);

    assertThat(incidents.all()).hasSize(2);
    assertThat(incidents.all().get(0).findings()).containsExactlyInAnyOrder(errors, empty);
  }

  @Test
  void theSameCauseElsewhereIsTheSameIncidentOnlyIfItBeganTogether() {
    var one = finding(RootCause.IPAMD_DOWN, "node/a", 90);
    var other = finding(RootCause.IPAMD_DOWN, "node/b", 90);

    assertThat(at(at(IncidentHistory.NONE, 0, one), 240, one, other).all()).hasSize(1);
    assertThat(at(at(IncidentHistory.NONE, 0, one), 3_600, one, other).all()).hasSize(2);
  }

  /** Both were there before the finding that explains both. */
  @Test
  void mergesIncidentsThatTurnOutToBeOneAndKeepsTheirLinks() {
    var sts = finding(RootCause.DOWNSTREAM_OF_DNS, "cluster", 90);
    var mismatch = finding(RootCause.INGRESS_DNS_MISMATCH, "ingress/shop/web", 80);
    var dns = finding(RootCause.COREDNS_NOT_READY, "cluster", 95);
    var before = at(at(IncidentHistory.NONE, 0, sts), 60, sts, mismatch);
    assertThat(before.all()).hasSize(2);

    var merged = at(before, 90, sts, mismatch, dns);

    var incident = only(merged);
    assertThat(incident.id()).isEqualTo(before.all().get(0).id());
    assertThat(merged.find(before.all().get(1).id())).contains(incident);
    assertThat(incident.causes()).containsExactly(RootCause.COREDNS_NOT_READY);
    assertThat(at(merged, 120).all()).singleElement().matches(one -> !one.isOpen());
  }

  /** As after a change of the leader, which has not read everything yet. */
  @Test
  void incompleteEvidenceClosesNothing() {
    var opened = at(IncidentHistory.NONE, 0, BLOCKED);

    var now = new Diagnosed(time(30), List.of(), Set.of(), PATH, List.of(), false);

    assertThat(opened.update(now)).isEqualTo(opened);
  }

  @Test
  void keepsTheAgentsThatFailedWhileItWasOpen() {
    var open = List.of(new Open(START, BLOCKED));
    var opened = IncidentHistory.NONE.update(diagnosed(0, open, Set.of("node-b")));
    var more = opened.update(diagnosed(3, open, Set.of("node-a")));
    var closed = more.update(diagnosed(6, List.of(), Set.of("node-c")));

    assertThat(only(closed).agents()).containsExactly("node-a", "node-b");
  }

  @Test
  void keepsTheLast200() {
    var incidents = IncidentHistory.NONE;
    for (int i = 0; i < 203; i++) {
      incidents = at(incidents, i * 600, finding(RootCause.IPAMD_DOWN, "node/" + i, 90));
      incidents = at(incidents, i * 600 + 60);
    }

    assertThat(incidents.all()).hasSize(IncidentHistory.MAX_INCIDENTS);
    assertThat(incidents.all().get(0).objects()).containsExactly("node/3");
  }

  @Test
  void dropsTheOldestAbove8MiB() {
    var incidents = IncidentHistory.NONE;
    var text = "x".repeat(500_000);
    for (int i = 0; i < 10; i++) {
      incidents = at(incidents, i * 600, finding(RootCause.IPAMD_DOWN, "node/" + i, 90, text));
      incidents = at(incidents, i * 600 + 60);
    }

    assertThat(incidents.all()).hasSizeBetween(2, 4);
    assertThat(incidents.all().get(incidents.all().size() - 1).objects()).containsExactly("node/9");
  }

  /** Each is an incident of its own, and all are open. */
  @Test
  void openIncidentsAreBoundedAndStay() {
    var findings = new ArrayList<Finding>();
    var incidents = IncidentHistory.NONE;
    for (int i = 0; i < 210; i++) {
      findings.add(finding(RootCause.IPAMD_DOWN, "node/" + i, 90));
      incidents = at(incidents, i * 600, findings.toArray(Finding[]::new));
    }

    assertThat(incidents.all()).hasSize(IncidentHistory.MAX_INCIDENTS);
    assertThat(incidents.all().get(0).objects()).containsExactly("node/0");
  }

  /** A node that flaps for hours must not hide what is broken now. */
  @Test
  void findingsThatEndedMakeRoomForNewOnes() {
    var dns = finding(RootCause.COREDNS_NOT_READY, "cluster", 95);
    var incidents = at(IncidentHistory.NONE, 0, dns);
    for (int i = 1; i <= IncidentHistory.MAX_PARTS; i++) {
      incidents =
          at(incidents, i, dns, finding(RootCause.INGRESS_DNS_MISMATCH, "ingress/a/" + i, 80));
    }

    var late = finding(RootCause.DOWNSTREAM_OF_DNS, "cluster", 80);
    var now = at(incidents, 100, dns, late);

    assertThat(only(now).parts()).hasSize(IncidentHistory.MAX_PARTS);
    assertThat(only(now).parts())
        .filteredOn(part -> part.ended().isEmpty())
        .extracting(Incident.Part::finding)
        .containsExactly(dns, late);
  }

  @Test
  void beganWithTheEarliestOfItsFindings() {
    var blocked = new Open(time(60), BLOCKED);
    var before = new Open(time(0), FAILING_OPEN);

    var incidents =
        IncidentHistory.NONE
            .update(diagnosed(60, List.of(blocked), Set.of()))
            .update(diagnosed(90, List.of(blocked, before), Set.of()));

    assertThat(only(incidents).opened()).isEqualTo(time(0));
  }

  private static final Inventory PATH =
      Inventory.EMPTY
          .with(Resources.LOAD_BALANCERS, known(List.of(lb("shop"), lb("other"))))
          .with(Resources.TARGET_GROUPS, known(List.of(group("web", "shop"))));

  private static IncidentHistory at(IncidentHistory before, int second, Finding... findings) {
    var open =
        Arrays.stream(findings).map(finding -> new Open(since(before, finding, second), finding));
    return before.update(diagnosed(second, open.toList(), Set.of()));
  }

  /** As the diagnosis reports it: since when it was found in every diagnosis. */
  private static Instant since(IncidentHistory before, Finding finding, int second) {
    return before.open().stream()
        .flatMap(incident -> incident.parts().stream())
        .filter(part -> part.isOpen() && part.isOf(finding))
        .map(Incident.Part::began)
        .findFirst()
        .orElse(time(second));
  }

  private static Diagnosed diagnosed(int second, List<Open> findings, Set<String> agents) {
    return new Diagnosed(time(second), findings, agents, PATH, List.of(), true);
  }

  private static Instant time(int second) {
    return START.plusSeconds(second);
  }

  private static Incident only(IncidentHistory incidents) {
    assertThat(incidents.all()).hasSize(1);
    return incidents.all().get(0);
  }

  private static Finding finding(RootCause cause, String scope, int percent, String... evidence) {
    var builder = Finding.builder(cause, scope, percent).fix("fix it");
    for (var line : evidence.length == 0 ? new String[] {"seen"} : evidence) {
      builder.evidence(line);
    }
    return builder.build();
  }

  private static <T> Snapshot<T> known(T value) {
    return Snapshot.of(value, START, Duration.ofMinutes(1));
  }

  private static LoadBalancer lb(String name) {
    return new LoadBalancer(
        "arn:" + name,
        name,
        name + ".elb.example",
        "application",
        Scheme.INTERNAL,
        "active",
        "",
        "vpc-1",
        Map.of("a", "subnet-1"),
        List.of("sg-1"),
        List.of(),
        START,
        Optional.empty());
  }

  private static TargetGroup group(String name, String lb) {
    return new TargetGroup(
        "arn:" + name,
        name,
        "HTTP",
        "HTTP1",
        80,
        "ip",
        List.of("arn:" + lb),
        new HealthCheck(true, "HTTP", "traffic-port", "/", "200", Duration.ZERO, Duration.ZERO),
        Optional.empty());
  }
}
