package io.eksnet.model.diagnosis;

/**
 * How long successful probes of a path usually take. A path without a baseline is unknown: it is
 * new, or the leader has not measured it for long enough.
 *
 * @param path {@code pod SRC_AZ DST_AZ}, {@code target TARGET_GROUP} or {@code dns PATH
 *     QUERY_CLASS}
 * @param millis the usual duration in milliseconds, 0 below one
 */
public record LatencyBaseline(String path, long millis) {}
