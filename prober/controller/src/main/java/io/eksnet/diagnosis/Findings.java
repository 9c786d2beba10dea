package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The findings of a diagnosis as they are reported.
 *
 * @param active what is wrong
 * @param notices what needs attention some day: it is shown apart, changes no exit code and no
 *     alert
 * @param ignored what the config switches off
 */
public record Findings(List<Finding> active, List<Finding> notices, List<Ignored> ignored) {
  /** A finding that the config switches off, and the reason that it gives. */
  public record Ignored(Finding finding, String reason) {}

  public Findings {
    active = List.copyOf(active);
    notices = List.copyOf(notices);
    ignored = List.copyOf(ignored);
  }

  /**
   * Sorts findings, and keeps their order.
   *
   * @param ignoring why the config switches a finding off; empty if it does not
   */
  public static Findings of(List<Finding> all, Function<Finding, Optional<String>> ignoring) {
    var active = new ArrayList<Finding>();
    var notices = new ArrayList<Finding>();
    var ignored = new ArrayList<Ignored>();
    for (var finding : all) {
      var reason = ignoring.apply(finding);
      if (reason.isPresent()) {
        ignored.add(new Ignored(finding, reason.get()));
      } else if (finding.cause().isNotice()) {
        notices.add(finding);
      } else {
        active.add(finding);
      }
    }
    return new Findings(active, notices, ignored);
  }
}
