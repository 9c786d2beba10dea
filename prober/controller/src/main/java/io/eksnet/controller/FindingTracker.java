package io.eksnet.controller;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.eksnet.controller.metrics.DiagnosisMeters;
import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.ClusterDependencies.Ignored;
import io.eksnet.controller.web.ClusterDependencies.Since;
import io.eksnet.diagnosis.Diagnosis;
import io.eksnet.diagnosis.Findings;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the diagnosis, keeps since when each finding is open, and logs findings that open or close.
 */
final class FindingTracker {
  private static final Logger log = LoggerFactory.getLogger(FindingTracker.class);

  private final DiagnosisMeters meters;
  private final Function<Finding, Optional<String>> ignoring;
  private Map<FindingKey, Instant> since = Map.of();
  private Set<FindingKey> latestKeys = Set.of();
  private volatile Diagnosed latest = Diagnosed.NOT_YET;

  private record FindingKey(RootCause cause, String scope) {
    static FindingKey of(Finding finding) {
      return new FindingKey(finding.cause(), finding.scope());
    }
  }

  /**
   * @param ignoring why the config switches a finding off; empty if it does not
   */
  FindingTracker(DiagnosisMeters meters, Function<Finding, Optional<String>> ignoring) {
    this.meters = meters;
    this.ignoring = ignoring;
  }

  /** The last diagnosis. */
  Diagnosed latest() {
    return latest;
  }

  /**
   * Runs the diagnosis; may take long. One call at a time.
   *
   * @param leading whether this replica still leads when the findings are there; else they are
   *     dropped
   */
  void diagnose(Evidence evidence, BooleanSupplier leading) {
    update(Diagnosis.of(evidence), evidence.now(), leading);
  }

  /** Takes what the leader has found, to continue it when this replica leads. */
  synchronized void follow(Diagnosed leader) {
    var found =
        Stream.of(
                leader.findings(),
                leader.notices(),
                leader.ignored().stream().map(Ignored::found).toList())
            .flatMap(List::stream)
            .toList();
    since =
        found.stream()
            .collect(
                toUnmodifiableMap(
                    one -> FindingKey.of(one.finding()), Since::since, (one, other) -> one));
    latestKeys = keys(found);
  }

  /** Publishes the findings that have been there for long enough. */
  synchronized void update(List<Finding> findings, Instant at, BooleanSupplier leading) {
    if (!leading.getAsBoolean()) {
      return;
    }
    var before = since;
    since =
        findings.stream()
            .map(FindingKey::of)
            .collect(toUnmodifiableMap(key -> key, key -> startOf(before.get(key), at)));
    var publishedBefore = latestKeys;
    var published =
        findings.stream()
            .map(finding -> new Since(since.getOrDefault(FindingKey.of(finding), at), finding))
            .filter(
                found ->
                    publishedBefore.contains(FindingKey.of(found.finding()))
                        || found.finding().isReportable(found.since(), at))
            .toList();
    latestKeys = keys(published);
    publish(Findings.of(published.stream().map(Since::finding).toList(), ignoring), published, at);
  }

  private void publish(Findings sorted, List<Since> published, Instant at) {
    var bySubject =
        published.stream()
            .collect(toUnmodifiableMap(found -> FindingKey.of(found.finding()), Since::since));
    Function<Finding, Since> since =
        finding -> new Since(bySubject.getOrDefault(FindingKey.of(finding), at), finding);
    var active = sorted.active().stream().map(since).toList();
    logChanges(latest.findings(), active);
    latest =
        new Diagnosed(
            Optional.of(at),
            active,
            sorted.notices().stream().map(since).toList(),
            sorted.ignored().stream()
                .map(one -> new Ignored(since.apply(one.finding()), one.reason()))
                .toList());
    meters.update(sorted.active(), at);
    meters.updateNotices(sorted.notices());
  }

  /** Never later than now: the clock may have been set back. */
  private static Instant startOf(@Nullable Instant before, Instant at) {
    return before == null || before.isAfter(at) ? at : before;
  }

  private static void logChanges(List<Since> before, List<Since> now) {
    var earlier = keys(before);
    now.stream()
        .map(Since::finding)
        .filter(finding -> !earlier.contains(FindingKey.of(finding)))
        .forEach(FindingTracker::logOpened);
    var still = keys(now);
    earlier.stream().filter(key -> !still.contains(key)).forEach(FindingTracker::logClosed);
  }

  private static Set<FindingKey> keys(List<Since> findings) {
    return findings.stream()
        .map(found -> FindingKey.of(found.finding()))
        .collect(toCollection(LinkedHashSet::new));
  }

  /** Drops all findings: another replica leads. */
  synchronized void forget() {
    since = Map.of();
    latestKeys = Set.of();
    withdraw();
  }

  /** Publishes nothing: the diagnosis failed. The next one continues the findings. */
  synchronized void withdraw() {
    latest = Diagnosed.NOT_YET;
    meters.forget();
  }

  private static void logOpened(Finding finding) {
    log.atWarn()
        .addKeyValue("cause", finding.cause().label())
        .addKeyValue("layer", finding.cause().layer().label())
        .addKeyValue("scope", finding.scope())
        .addKeyValue("confidence", finding.confidence().label())
        .addKeyValue("evidence", finding.evidence().get(0))
        .addKeyValue("fix", finding.fix().get(0))
        .log("finding opened");
  }

  private static void logClosed(FindingKey key) {
    log.atInfo()
        .addKeyValue("cause", key.cause().label())
        .addKeyValue("scope", key.scope())
        .log("finding closed");
  }
}
