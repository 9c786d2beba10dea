package io.eksnet.model;

import java.time.Duration;
import java.util.Objects;

/**
 * One thing to do again and again: a probe of one target. Two tasks are the same when everything
 * about them is; a task that changed in any part is stopped and started anew.
 *
 * @param id unique among the tasks of a process; holds the node, and so decides the beat
 * @param subject the identity of its series
 * @param kind the name of the probe kind
 * @param settings the kind's settings
 * @param every the period
 * @param timeout the time a run may take; less than {@code every}
 * @param negative success and failure change places: the path must be blocked
 */
public record Task(
    String id,
    SeriesKey subject,
    String kind,
    Record settings,
    Target target,
    Duration every,
    Duration timeout,
    boolean negative) {
  public Task {
    Objects.requireNonNull(id);
    Objects.requireNonNull(subject);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(settings);
    Objects.requireNonNull(target);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("the timeout must be more than 0, not " + timeout);
    }
    if (timeout.compareTo(every) >= 0) {
      throw new IllegalArgumentException(
          "the timeout (" + timeout + ") must be shorter than the interval (" + every + ")");
    }
  }
}
