package io.eksnet.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** How fast a count grew over the last minute. Any thread may add and read. */
final class Rate {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration ENOUGH = Duration.ofSeconds(10);
  private static final double NANOS = 1e9;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(Instant at, long count) {}

  /** The count at a moment; a clock that went back begins anew. */
  synchronized void add(Instant now, long count) {
    if (!samples.isEmpty() && !now.isAfter(samples.getLast().at())) {
      samples.clear();
    }
    samples.addLast(new Sample(now, count));
    while (samples.getFirst().at().isBefore(now.minus(WINDOW))) {
      samples.removeFirst();
    }
  }

  /** Empty until enough was seen. */
  synchronized OptionalDouble perSecond() {
    if (samples.isEmpty()) {
      return OptionalDouble.empty();
    }
    var first = samples.getFirst();
    var last = samples.getLast();
    var length = Duration.between(first.at(), last.at());
    return length.compareTo(ENOUGH) < 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((last.count() - first.count()) / (length.toNanos() / NANOS));
  }
}
