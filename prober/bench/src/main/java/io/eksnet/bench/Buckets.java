package io.eksnet.bench;

import java.util.NavigableMap;

/** What a classic histogram counted in a window: bounds, and the counts up to them. */
record Buckets(NavigableMap<Double, Double> counts) {
  /** What {@code after} counted beyond {@code before}, two pages of one process. */
  static Buckets between(String before, String after, String name) {
    var counts = MetricsText.buckets(after, name);
    MetricsText.buckets(before, name)
        .forEach((bound, count) -> counts.merge(bound, -count, Double::sum));
    return new Buckets(counts);
  }

  double count() {
    return counts.isEmpty() ? 0 : counts.lastEntry().getValue();
  }

  /** The least bound that at least {@code share} of the values do not exceed; NaN of none. */
  double atMost(double share) {
    if (count() == 0) {
      return Double.NaN;
    }
    for (var bucket : counts.entrySet()) {
      if (bucket.getValue() >= share * count()) {
        return bucket.getKey();
      }
    }
    return Double.POSITIVE_INFINITY;
  }
}
