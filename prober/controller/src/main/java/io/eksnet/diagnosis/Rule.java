package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import java.util.stream.Stream;

/**
 * One row of the decision table: from evidence to the findings it bears out. What is not known
 * never accuses.
 */
public interface Rule {
  /** What this rule finds; nothing when its evidence is missing. */
  Stream<Finding> apply(Evidence evidence);
}
