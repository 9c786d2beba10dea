package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.TargetGroup;
import io.eksnet.lab.cluster.TargetHealth;

/** How a target stands with its checks: its health and how many checks in a row said otherwise. */
record Standing(TargetHealth health, int passes, int fails) {
  /** Its first moment. */
  static Standing registered(TargetGroup.Target target, int healthCheckPort) {
    return new Standing(
        new TargetHealth(
            target,
            healthCheckPort,
            "initial",
            "Elb.RegistrationInProgress",
            "Target registration is in progress"),
        0,
        0);
  }

  /** Registered, and not checked yet. */
  Standing checking() {
    return new Standing(
        health.in("initial", "Elb.InitialHealthChecking", "Initial health checks in progress"),
        0,
        0);
  }

  /** A check passed. The first one is enough for a new target. */
  Standing passed(int threshold) {
    int now = passes + 1;
    boolean enough = now >= threshold || health.state().equals("initial");
    return new Standing(enough ? health.in("healthy", "", "") : health, now, 0);
  }

  /** A check failed. */
  Standing failed(int threshold, Failure failure) {
    int now = fails + 1;
    boolean enough = now >= threshold || health.state().equals("unhealthy");
    return new Standing(
        enough ? health.in("unhealthy", failure.reason(), failure.description()) : health, 0, now);
  }

  /** Not checked, for a reason of its load balancer. */
  Standing in(String state, String reason, String description) {
    return new Standing(health.in(state, reason, description), 0, 0);
  }

  boolean is(String state) {
    return health.state().equals(state);
  }

  /** Why a check failed, in the words of ELB. */
  record Failure(String reason, String description) {
    static final Failure TIMEOUT = new Failure("Target.Timeout", "Request timed out");
    static final Failure BROKEN = new Failure("Target.FailedHealthChecks", "Health checks failed");

    static Failure code(int code) {
      return new Failure(
          "Target.ResponseCodeMismatch", "Health checks failed with these codes: [" + code + "]");
    }
  }
}
