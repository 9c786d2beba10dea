package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.UNKNOWN;

import io.eksnet.model.inventory.SecurityPath;

/** What rules say of a way, and why. */
record Judgement(SecurityPath.Verdict verdict, String reason) {
  static Judgement permitted(String reason) {
    return new Judgement(PERMITTED, reason);
  }

  static Judgement blocked(String reason) {
    return new Judgement(BLOCKED, reason);
  }

  static Judgement unknown(String reason) {
    return new Judgement(UNKNOWN, reason);
  }

  /** Both ways must be open: one that is blocked decides, then one that is unknown. */
  Judgement and(Judgement other) {
    return verdict == PERMITTED && other.verdict == PERMITTED
        ? permitted(reason + "; " + other.reason)
        : other.gravity() > gravity() ? other : this;
  }

  /** The same question asked of two sets of groups, of which it is not known which one counts. */
  Judgement agreeing(Judgement other) {
    return verdict == other.verdict
        ? this
        : unknown("it depends on which groups apply: " + reason + "; but " + other.reason);
  }

  private int gravity() {
    return switch (verdict) {
      case PERMITTED -> 0;
      case UNKNOWN -> 1;
      case BLOCKED -> 2;
    };
  }
}
