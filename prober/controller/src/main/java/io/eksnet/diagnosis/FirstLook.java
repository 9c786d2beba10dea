package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import java.util.List;

/**
 * The diagnosis of somebody who looks once, from one place: what rests on that place is less sure,
 * for others may see it otherwise; so is what others would look at for longer before they tell it.
 */
public final class FirstLook {
  private FirstLook() {}

  /** All that seems wrong, in the order of the table. */
  public static List<Finding> of(Evidence evidence) {
    var known = Diagnosis.of(new Evidence(evidence.now(), evidence.inventory(), List.of()));
    return Diagnosis.of(evidence).stream()
        .map(
            finding ->
                finding.patience().isZero()
                        && known.stream().anyMatch(other -> isAsSure(other, finding))
                    ? finding
                    : finding.with(finding.confidence().without(1)))
        .toList();
  }

  private static boolean isAsSure(Finding other, Finding finding) {
    return other.cause() == finding.cause()
        && other.scope().equals(finding.scope())
        && other.confidence().percent() >= finding.confidence().percent();
  }
}
