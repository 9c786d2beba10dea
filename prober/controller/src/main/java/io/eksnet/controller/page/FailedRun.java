package io.eksnet.controller.page;

import java.time.Instant;

/**
 * Runs of one task that failed with the same outcome.
 *
 * @param node whose agent ran them
 * @param first when the first of them ran
 * @param at when the last of them ran
 * @param times how many there were
 * @param outcome the label
 * @param phase where the last run failed, or empty
 * @param trace of the last run, line by line; empty if the agent did not report it
 */
public record FailedRun(
    String node,
    String probe,
    String target,
    Instant first,
    Instant at,
    long times,
    String outcome,
    String phase,
    String detail,
    String trace) {
  /** Shown instead of a missing trace. */
  String summary() {
    return (phase.isEmpty() ? "" : phase + ": ")
        + (detail.isEmpty() ? "no details reported" : detail)
        + ". For a trace of a new run, open /probe?target=… of the agent.";
  }
}
