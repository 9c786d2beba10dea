package io.eksnet.app;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.diagnose.Diagnosis;
import io.eksnet.metrics.DiagnosisMeters;
import io.eksnet.web.ClusterSources.Diagnosed;
import io.eksnet.web.ClusterSources.Since;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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

  private synchronized void show(List<Finding> findings, Instant at, BooleanSupplier leading) {
    if (!leading.getAsBoolean()) {
      return;
    }
    var before = since;
    var now = new HashMap<Place, Instant>();
    for (var finding : findings) {
      var place = Place.of(finding);
      if (now.put(place, before.getOrDefault(place, at)) == null && !before.containsKey(place)) {
        began(finding);
      }
    }
    before.keySet().stream().filter(place -> !now.containsKey(place)).forEach(Diagnosing::ended);
    since = Map.copyOf(now);
    diagnosed =
        new Diagnosed(
            Optional.of(at),
            findings.stream()
                .map(finding -> new Since(now.getOrDefault(Place.of(finding), at), finding))
                .toList());
    gauges.update(findings, at);
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
