package io.eksnet.model;

import java.time.Duration;
import java.util.Map;

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
 * @param labels more labels of its series, chosen by the user
 * @param origin who asked for it, which decides where it may connect to
 */
public record Task(
    String id,
    SeriesKey key,
    String kind,
    Record settings,
    Target target,
    Duration interval,
    Duration timeout,
    boolean expectBlocked,
    Map<String, String> labels,
    Origin origin) {
  /** Who asked for a task. */
  public enum Origin {
    /** The config file of this process, which may name any address. */
    CONFIG,
    /** A plan of the controller, which may not name the services of the node. */
    PLAN
  }

  public Task {
    labels = Map.copyOf(labels);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("the timeout must be more than 0, not " + timeout);
    }
    if (timeout.compareTo(interval) >= 0) {
      throw new IllegalArgumentException(
          "the timeout (" + timeout + ") must be shorter than the interval (" + interval + ")");
    }
  }

  /** A task of the config file without labels of the user. */
  public Task(
      String id,
      SeriesKey key,
      String kind,
      Record settings,
      Target target,
      Duration interval,
      Duration timeout,
      boolean expectBlocked) {
    this(id, key, kind, settings, target, interval, timeout, expectBlocked, Map.of());
  }

  /** A task of the config file. */
  public Task(
      String id,
      SeriesKey key,
      String kind,
      Record settings,
      Target target,
      Duration interval,
      Duration timeout,
      boolean expectBlocked,
      Map<String, String> labels) {
    this(id, key, kind, settings, target, interval, timeout, expectBlocked, labels, Origin.CONFIG);
  }
}
