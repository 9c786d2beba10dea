package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import java.util.stream.Stream;

/**
 * One row of the decision table: from evidence to the findings it bears out. What is not known
 * never accuses.
 */
public interface Rule {
  /** What this rule finds; nothing when its evidence is missing. */
  Stream<Finding> apply(Evidence evidence);
}
