package io.eksnet.model;

import java.time.Duration;
import java.util.Objects;

/**
 * A periodic probe of one target. Tasks are equal when all of their components are; a task that
 * changed in any of them is stopped and a new one starts.
 *
 * @param id unique among the tasks of a process; contains the node, so that nodes start at
 *     different offsets
 * @param key the identity of its series
 * @param kind the name of the probe kind
 * @param settings the kind's settings
 * @param interval from one start to the next
 * @param timeout the time a run may take; less than {@code interval}
 * @param expectBlocked success and failure are swapped: the path must be blocked
 */
public record Task(
    String id,
    SeriesKey key,
    String kind,
    Record settings,
    Target target,
    Duration interval,
    Duration timeout,
    boolean expectBlocked) {
  public Task {
    Objects.requireNonNull(id);
    Objects.requireNonNull(key);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(settings);
    Objects.requireNonNull(target);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("the timeout must be more than 0, not " + timeout);
    }
    if (timeout.compareTo(interval) >= 0) {
      throw new IllegalArgumentException(
          "the timeout (" + timeout + ") must be shorter than the interval (" + interval + ")");
    }
  }
}
