package io.eksnet.inventory.aws;

/**
 * How often a service may be called.
 *
 * @param perSecond sustained rate, at most 100
 * @param burst requests at once after idle time
 */
public record RateLimit(double perSecond, int burst) {
  private static final int MAX_PER_SECOND = 100;

  public RateLimit {
    if (!(perSecond > 0) || perSecond > MAX_PER_SECOND) {
      throw new IllegalArgumentException(
          "requests per second must be more than 0 and at most "
              + MAX_PER_SECOND
              + ", not "
              + perSecond);
    }
    if (burst < 1) {
      throw new IllegalArgumentException("burst must be at least 1, not " + burst);
    }
  }
}
