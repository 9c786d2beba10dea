package io.eksnet.metrics;

/** The buckets of the duration histograms of suites. */
final class DurationBuckets {
  /**
   * In seconds. 5 s is the timeout of stub resolvers: a bound on either side shows when it was
   * waited for.
   */
  static final double[] BOUNDS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.9, 5.1, 10
  };

  private DurationBuckets() {}
}
