package io.eksnet.controller.page;

import java.time.Instant;

/**
 * Runs of one task that failed alike.
 *
 * @param node whose agent ran them
 * @param first when the first of them ran
 * @param at when the last of them ran
 * @param times how many there were
 * @param outcome the label
 * @param phase where the last ended, or empty
 * @param trace the whole of the last run, line by line; empty where only the rest is known
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
    String trace) {}
