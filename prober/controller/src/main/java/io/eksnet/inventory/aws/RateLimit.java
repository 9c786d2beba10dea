package io.eksnet.inventory.aws;

/**
 * How often a service may be called.
 *
 * @param perSecond in the long run
 * @param burst at once, after a rest
 */
public record RateLimit(double perSecond, int burst) {
  public RateLimit {
    if (!(perSecond > 0) || perSecond > 100) {
      throw new IllegalArgumentException(
          "calls per second must be more than 0 and at most 100, not " + perSecond);
    }
    if (burst < 1) {
      throw new IllegalArgumentException("a burst must be 1 call or more, not " + burst);
    }
  }
}
