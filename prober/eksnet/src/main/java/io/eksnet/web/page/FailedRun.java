package io.eksnet.web.page;

import java.time.Instant;

/**
 * A run that failed.
 *
 * @param node whose agent ran it; empty: this process
 * @param outcome the label
 * @param phase where it ended, or empty
 * @param trace the whole run, line by line; empty where only the rest is known
 */
public record FailedRun(
    String node,
    String probe,
    String target,
    Instant at,
    String outcome,
    String phase,
    String detail,
    String trace) {}
