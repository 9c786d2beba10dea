package io.eksnet.model.diagnosis;

import java.util.List;
import java.util.Set;

/** Which findings only follow from others. */
public final class Causality {
  private Causality() {}

  /** The findings that follow from no other. */
  public static List<Finding> causes(List<Finding> findings) {
    var causes =
        findings.stream()
            .filter(finding -> findings.stream().noneMatch(other -> explains(other, finding)))
            .toList();
    return causes.isEmpty() ? List.copyOf(findings) : causes;
  }

  /** The findings that another one explains. */
  public static List<Finding> consequences(List<Finding> findings) {
    var causes = Set.copyOf(causes(findings));
    return findings.stream().filter(finding -> !causes.contains(finding)).toList();
  }

  /**
   * Two objects of one kind do not explain each other: what is wrong with one target group is no
   * reason why another one fails.
   */
  private static boolean explains(Finding one, Finding other) {
    return one.cause() != other.cause()
        && one.explains().contains(other.cause())
        && (one.scope().equals(other.scope()) || !kind(one).equals(kind(other)));
  }

  private static String kind(Finding finding) {
    var slash = finding.scope().indexOf('/');
    return slash < 0 ? finding.scope() : finding.scope().substring(0, slash);
  }
}
