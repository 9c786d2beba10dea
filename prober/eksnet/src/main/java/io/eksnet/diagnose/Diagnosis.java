package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import java.util.Comparator;
import java.util.List;

/** The decision table. */
public final class Diagnosis {
  private static final List<Rule> RULES =
      List.of(new CoreDnsFargateNotAdmitted(), new CoreDnsUnschedulable());

  private Diagnosis() {}

  /** All that is wrong, causes before what they explain, then by the order of the rules. */
  public static List<Finding> of(Evidence evidence) {
    return RULES.stream()
        .flatMap(rule -> rule.apply(evidence))
        .sorted(Comparator.comparing(Finding::cause).thenComparing(Finding::scope))
        .toList();
  }
}
