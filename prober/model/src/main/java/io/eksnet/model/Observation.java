package io.eksnet.model;

import java.time.Duration;
import java.time.Instant;

/**
 * A finished run.
 *
 * @param at when the run started
 * @param took from the start to the outcome
 */
public record Observation(Task task, Instant at, Duration took, Outcome outcome) {}
