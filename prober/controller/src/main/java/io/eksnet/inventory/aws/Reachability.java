package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.UNKNOWN;

import io.eksnet.model.inventory.SecurityPath.Verdict;

/** Whether security group rules allow a path, and why. */
record Reachability(Verdict verdict, String reason) {
  static Reachability permitted(String reason) {
    return new Reachability(PERMITTED, reason);
  }

  static Reachability blocked(String reason) {
    return new Reachability(BLOCKED, reason);
  }

  static Reachability unknown(String reason) {
    return new Reachability(UNKNOWN, reason);
  }

  /** For a path that needs both: blocked if one is blocked, else unknown if one is unknown. */
  Reachability and(Reachability other) {
    return verdict == PERMITTED && other.verdict == PERMITTED
        ? permitted(reason + "; " + other.reason)
        : other.severity() > severity() ? other : this;
  }

  /** For two sets of groups of which either may apply: unknown unless both agree. */
  Reachability ifSameAs(Reachability other) {
    return verdict == other.verdict
        ? this
        : unknown("it depends on which groups apply: " + reason + "; but " + other.reason);
  }

  private int severity() {
    return switch (verdict) {
      case PERMITTED -> 0;
      case UNKNOWN -> 1;
      case BLOCKED -> 2;
    };
  }
}
