package io.eksnet.inventory.kube;

import java.time.Duration;

/**
 * How the watches are kept.
 *
 * @param every how often the parts are read; a part is forgotten after three of these
 * @param tick how often changes are gathered and watches are looked after
 * @param timeout of one request
 * @param grace how long a watch may be away, as when it is renewed, before that counts
 * @param retry when what is absent or denied is tried again
 * @param relist when everything is listed anew, so that a watch that went deaf cannot mislead
 * @param mostObjects of one kind; more are not watched, and the kind is unknown
 */
public record KubeSettings(
    Duration every,
    Duration tick,
    Duration timeout,
    Duration grace,
    Duration retry,
    Duration relist,
    int mostObjects) {
  public static final KubeSettings DEFAULT =
      new KubeSettings(
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          200_000);

  public KubeSettings {
    if (tick.compareTo(every) > 0) {
      throw new IllegalArgumentException(
          "tick must be at most " + every + ", how often the parts are read, not " + tick);
    }
    if (mostObjects < 1) {
      throw new IllegalArgumentException("mostObjects must be 1 or more, not " + mostObjects);
    }
  }
}
