package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;

/** The health of a target, and its consecutive passed and failed checks. */
record TargetHealthState(TargetHealth health, int passes, int failures) {
  /** A target that was just registered. */
  static TargetHealthState register(TargetGroup.Target target, int healthCheckPort) {
    return new TargetHealthState(
        new TargetHealth(
            target,
            healthCheckPort,
            "initial",
            "Elb.RegistrationInProgress",
            "Target registration is in progress"),
        0,
        0);
  }

  /** Health checks begin. */
  TargetHealthState startChecks() {
    return set("initial", "Elb.InitialHealthChecking", "Initial health checks in progress");
  }

  /** A check passed. A new target is healthy after its first passed check. */
  TargetHealthState pass(int threshold) {
    boolean enough = passes + 1 >= threshold || is("initial");
    return new TargetHealthState(
        enough ? health.withState("healthy", "", "") : health, passes + 1, 0);
  }

  /** A check failed. */
  TargetHealthState fail(int threshold, Failure failure) {
    boolean enough = failures + 1 >= threshold || is("unhealthy");
    return new TargetHealthState(
        enough ? health.withState("unhealthy", failure.reason(), failure.description()) : health,
        0,
        failures + 1);
  }

  /** A state that does not depend on checks. */
  TargetHealthState set(String state, String reason, String description) {
    return new TargetHealthState(health.withState(state, reason, description), 0, 0);
  }

  TargetHealthState withPort(int port) {
    return new TargetHealthState(
        new TargetHealth(
            health.target(), port, health.state(), health.reason(), health.description()),
        passes,
        failures);
  }

  boolean is(String state) {
    return health.state().equals(state);
  }

  /** Whether it gets no new requests. */
  boolean isDraining() {
    return is("draining");
  }

  /** Why a check failed, with ELB's reason codes and descriptions. */
  record Failure(String reason, String description) {
    static final Failure TIMEOUT = new Failure("Target.Timeout", "Request timed out");
    static final Failure CONNECTION =
        new Failure("Target.FailedHealthChecks", "Health checks failed");

    static Failure code(int code) {
      return new Failure(
          "Target.ResponseCodeMismatch", "Health checks failed with these codes: [" + code + "]");
    }
  }
}
