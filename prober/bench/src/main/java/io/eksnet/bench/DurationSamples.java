package io.eksnet.bench;

import java.util.Arrays;

/** Durations in nanoseconds, the latest million of them, and their percentiles. */
final class DurationSamples {
  private static final int MAX_SAMPLES = 1_000_000;

  private long[] values = new long[1024];
  private int size;

  void add(long nanos) {
    if (size == MAX_SAMPLES) {
      return;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.min(MAX_SAMPLES, 2 * size));
    }
    values[size++] = nanos;
  }

  void clear() {
    size = 0;
  }

  /** The least value that at least {@code share} of all do not exceed, in seconds; NaN of none. */
  double quantile(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    var sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    var rank = (int) Math.ceil(share * size);
    return sorted[Math.max(0, Math.min(size, rank) - 1)] / 1e9;
  }
}
