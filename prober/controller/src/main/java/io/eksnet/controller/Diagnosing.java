package io.eksnet.controller;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.eksnet.controller.metrics.DiagnosisMeters;
import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.ClusterDependencies.Since;
import io.eksnet.diagnosis.Diagnosis;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Diagnoses again and again, knows since when each finding is there, and logs what changes. */
final class Diagnosing {
  private static final Logger log = LoggerFactory.getLogger(Diagnosing.class);

  private final DiagnosisMeters gauges;
  private Map<Place, Instant> since = Map.of();
  private volatile Diagnosed diagnosed = Diagnosed.NOT_YET;

  private record Place(RootCause cause, String scope) {
    static Place of(Finding finding) {
      return new Place(finding.cause(), finding.scope());
    }
  }

  Diagnosing(DiagnosisMeters gauges) {
    this.gauges = gauges;
  }

  /** The last diagnosis. */
  Diagnosed last() {
    return diagnosed;
  }

  /**
   * Diagnoses; may take long, and is not called twice at once.
   *
   * @param leading whether what is found may be shown; asked when it was found
   */
  void of(Evidence evidence, BooleanSupplier leading) {
    show(Diagnosis.of(evidence), evidence.now(), leading);
  }

  /** Shows what has been found for long enough to be told. */
  synchronized void show(List<Finding> findings, Instant at, BooleanSupplier leading) {
    if (!leading.getAsBoolean()) {
      return;
    }
    var before = since;
    since =
        findings.stream()
            .map(Place::of)
            .collect(toUnmodifiableMap(place -> place, place -> begun(before.get(place), at)));
    var toldBefore = places(diagnosed.findings());
    var told =
        findings.stream()
            .map(finding -> new Since(since.getOrDefault(Place.of(finding), at), finding))
            .filter(
                found ->
                    toldBefore.contains(Place.of(found.finding()))
                        || found.finding().isReportable(found.since(), at))
            .toList();
    logChanges(diagnosed.findings(), told);
    diagnosed = new Diagnosed(Optional.of(at), told);
    gauges.update(told.stream().map(Since::finding).toList(), at);
  }

  /** Nothing began later than now: the clock may have been set back. */
  private static Instant begun(@Nullable Instant before, Instant at) {
    return before == null || before.isAfter(at) ? at : before;
  }

  private static void logChanges(List<Since> before, List<Since> now) {
    var earlier = places(before);
    now.stream()
        .map(Since::finding)
        .filter(finding -> !earlier.contains(Place.of(finding)))
        .forEach(Diagnosing::began);
    var still = places(now);
    earlier.stream().filter(place -> !still.contains(place)).forEach(Diagnosing::ended);
  }

  private static Set<Place> places(List<Since> findings) {
    return findings.stream()
        .map(found -> Place.of(found.finding()))
        .collect(toCollection(LinkedHashSet::new));
  }

  /** Another leads, or nothing can be found: what was found is not known any more. */
  synchronized void forget() {
    since = Map.of();
    diagnosed = Diagnosed.NOT_YET;
    gauges.forget();
  }

  private static void began(Finding finding) {
    log.atWarn()
        .addKeyValue("cause", finding.cause().label())
        .addKeyValue("layer", finding.cause().layer().label())
        .addKeyValue("scope", finding.scope())
        .addKeyValue("confidence", finding.confidence().label())
        .addKeyValue("evidence", finding.evidence().get(0))
        .addKeyValue("fix", finding.fix().get(0))
        .log("found");
  }

  private static void ended(Place place) {
    log.atInfo()
        .addKeyValue("cause", place.cause().label())
        .addKeyValue("scope", place.scope())
        .log("cleared");
  }
}
