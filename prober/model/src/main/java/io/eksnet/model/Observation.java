package io.eksnet.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A finished run.
 *
 * @param at when the run started
 * @param took from the start to the outcome
 */
public record Observation(Task task, Instant at, Duration took, Outcome outcome) {
  public Observation {
    Objects.requireNonNull(task);
    Objects.requireNonNull(at);
    Objects.requireNonNull(took);
    Objects.requireNonNull(outcome);
  }
}
