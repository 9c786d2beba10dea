package io.eksnet.controller;

import io.eksnet.controller.metrics.IncidentMeters;
import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.IncidentJson;
import io.eksnet.controller.web.ReplicaState;
import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import io.eksnet.incident.IncidentHistory;
import io.eksnet.incident.InventoryDiff;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps incidents and changes across diagnoses and leaders, and logs incidents that open or close.
 */
final class IncidentTracker {
  private static final Logger log = LoggerFactory.getLogger(IncidentTracker.class);
  private static final int MAX_CHANGES = 1_000;
  private static final Duration CHANGE_RETENTION = Duration.ofHours(24);

  /** What a new leader has not read by then is missing for another reason. */
  private static final Duration TAKEOVER_GRACE = Duration.ofMinutes(1);

  /**
   * How long incidents stay open although nothing confirms them, while something that was known is
   * unknown: a finding that lacks its facts has not ended.
   */
  private static final Duration UNKNOWN_GRACE = Duration.ofHours(1);

  private final IncidentMeters meters;
  private volatile IncidentHistory history = IncidentHistory.NONE;
  private volatile List<Change> changes = List.of();
  private Inventory inventory = Inventory.EMPTY;
  private Instant leadingSince = Instant.MIN;
  private Optional<Instant> incompleteSince = Optional.empty();

  IncidentTracker(IncidentMeters meters) {
    this.meters = meters;
  }

  IncidentHistory history() {
    return history;
  }

  /** Recent changes, oldest first. */
  List<Change> changes() {
    return changes;
  }

  /** This replica leads from now on. */
  synchronized void lead(Instant now) {
    leadingSince = now;
  }

  /** Takes what the leader has, to continue it when this replica leads. */
  synchronized void follow(ReplicaState leader) {
    history = new IncidentHistory(leader.incidents());
    changes = leader.changes();
    inventory = leader.evidence().inventory();
    meters.clear();
  }

  /** Removes the metrics: another replica leads. */
  void clearMetrics() {
    meters.clear();
  }

  /**
   * Takes the findings of a diagnosis.
   *
   * @param known the last known value of each resource, however old
   */
  synchronized void update(Evidence evidence, Diagnosed diagnosed, Inventory known) {
    var now = evidence.now();
    recordChanges(known, now);
    var before = history;
    var next =
        before.update(
            new IncidentHistory.Diagnosed(
                now,
                diagnosed.findings().stream()
                    .map(found -> new IncidentHistory.Open(found.since(), found.finding()))
                    .toList(),
                failingNodes(evidence),
                evidence.inventory(),
                changes,
                mayClose(evidence, known)));
    history = next;
    logTransitions(before, next);
    meters.update(next.open());
  }

  private boolean mayClose(Evidence evidence, Inventory known) {
    var now = evidence.now();
    incompleteSince =
        isComplete(evidence, known)
            ? Optional.empty()
            : Optional.of(incompleteSince.filter(since -> !since.isAfter(now)).orElse(now));
    return !now.isBefore(leadingSince.plus(TAKEOVER_GRACE))
        && incompleteSince.map(since -> !now.isBefore(since.plus(UNKNOWN_GRACE))).orElse(true);
  }

  /** Whether all that was ever read is known now, and an agent reports if there is one. */
  private static boolean isComplete(Evidence evidence, Inventory known) {
    var hasAgents =
        known.get(Resources.AGENTS).filter(fleet -> !fleet.agents().isEmpty()).isPresent();
    return (!hasAgents || !evidence.agents().isEmpty())
        && known.resources().stream()
            .allMatch(
                resource ->
                    known.get(resource).isEmpty()
                        || evidence.inventory().get(resource).isPresent());
  }

  private void recordChanges(Inventory known, Instant now) {
    var found = InventoryDiff.between(inventory, known);
    inventory = lastKnown(inventory, known);
    found.forEach(IncidentTracker::logChange);
    var oldest = now.minus(CHANGE_RETENTION);
    if (!found.isEmpty() || (!changes.isEmpty() && changes.get(0).at().isBefore(oldest))) {
      var kept =
          Stream.concat(changes.stream(), found.stream())
              .filter(change -> !change.at().isBefore(oldest))
              .toList();
      changes = kept.subList(Math.max(0, kept.size() - MAX_CHANGES), kept.size());
    }
  }

  /** A resource that is not known now keeps its value: the next one is compared with that. */
  private static Inventory lastKnown(Inventory before, Inventory now) {
    var known = before;
    for (var resource : now.resources()) {
      if (now.get(resource).isPresent()) {
        known = with(known, resource, now);
      }
    }
    return known;
  }

  private static <T> Inventory with(Inventory known, Resource<T> resource, Inventory now) {
    return known.with(resource, now.snapshot(resource));
  }

  private static Set<String> failingNodes(Evidence evidence) {
    return evidence.agents().stream()
        .filter(agent -> agent.windows().stream().anyMatch(ResultWindow::failing))
        .map(AgentReport::node)
        .collect(Collectors.toSet());
  }

  private static void logTransitions(IncidentHistory before, IncidentHistory after) {
    for (var incident : after.all()) {
      var earlier = before.find(incident.id());
      var wasOpen = earlier.map(Incident::isOpen).orElse(false);
      if (incident.isOpen() && !wasOpen) {
        log.atWarn()
            .addKeyValue("incident", incident.id())
            .addKeyValue("causes", causes(incident))
            .addKeyValue("opened", incident.opened())
            .log(earlier.isPresent() ? "incident reopened" : "incident opened");
      } else if (!incident.isOpen() && wasOpen) {
        log.atInfo()
            .addKeyValue("incident", incident.id())
            .addKeyValue("causes", causes(incident))
            .addKeyValue("json", IncidentJson.write(incident).encode())
            .log("incident closed");
      }
    }
  }

  private static String causes(Incident incident) {
    return incident.causes().stream().map(cause -> cause.label()).collect(Collectors.joining(","));
  }

  private static void logChange(Change change) {
    log.atInfo()
        .addKeyValue("object", change.object())
        .addKeyValue("change", change.text())
        .log("inventory changed");
  }
}
