package io.eksnet.inventory.kube;

import java.time.Duration;

/**
 * How the watches are run.
 *
 * @param every how often the resources are read; one is stale after three of these
 * @param tick how often changes are collected and watches are checked
 * @param timeout of one request
 * @param grace how long a watch may be interrupted before its objects count as unavailable
 * @param retry when a missing CRD or a denied list is tried again
 * @param silence after how long without a watch event or bookmark a watch counts as dead; the API
 *     server sends a bookmark each minute (Kubernetes API concepts, "Watch bookmarks"), and a watch
 *     of events is ended by the API server after two thirds of this
 * @param maxObjects of one kind; if there are more, the kind is unavailable
 */
public record KubeSettings(
    Duration every,
    Duration tick,
    Duration timeout,
    Duration grace,
    Duration retry,
    Duration silence,
    int maxObjects) {
  public static final KubeSettings DEFAULT =
      new KubeSettings(
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(150),
          200_000);

  public KubeSettings {
    if (tick.compareTo(every) > 0) {
      throw new IllegalArgumentException("tick must be at most every (" + every + "), not " + tick);
    }
    if (maxObjects < 1) {
      throw new IllegalArgumentException("maxObjects must be at least 1, not " + maxObjects);
    }
  }

  /** The same with another tick. */
  public KubeSettings withTick(Duration shorter) {
    return new KubeSettings(every, shorter, timeout, grace, retry, silence, maxObjects);
  }
}
