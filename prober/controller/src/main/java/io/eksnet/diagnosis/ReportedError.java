package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Duration;
import java.util.List;

/** What findings share that start from an error of a controller. */
final class ReportedError {
  /** Controllers retry within seconds: a single error may be over with the next try. */
  static final Duration RETRY = Duration.ofSeconds(30);

  private ReportedError() {}

  /** A finding about objects that fail for the same reason; the first one's message is shown. */
  static Finding.Builder finding(
      RootCause cause, String scope, int percent, List<ReconcileFailure> failures) {
    var first = failures.get(0);
    var others =
        failures.stream()
            .map(ReconcileFailure::scope)
            .filter(other -> !other.equals(scope))
            .distinct()
            .toList();
    return Finding.builder(cause, scope, percent)
        .evidence("%s: \"%s\"".formatted(first.scope(), first.message()))
        .evidenceIf(
            failures.size() > 1,
            "%d objects fail for this reason: %s"
                .formatted(
                    failures.size(),
                    FindingText.list(failures.stream().map(ReconcileFailure::scope).toList())))
        .affects(others);
  }

  /** How long an error that may pass must last. */
  static Duration untilRetried(List<ReconcileFailure> failures) {
    return failures.size() > 1 || failures.get(0).repeated() ? Duration.ZERO : RETRY;
  }
}
