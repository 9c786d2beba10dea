package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The state of one path from a node or a zone.
 *
 * @param millis how long the last success of each healthy series took; 0: less than 1 ms or unknown
 */
record Cell(HealthCounts health, List<Long> millis) {
  static final Cell NONE = new Cell(HealthCounts.NONE, List.of());

  static Cell of(ResultWindow window, Instant now) {
    var health = HealthCounts.of(window, now);
    var took =
        health.healthy() == 0
            ? Stream.<Long>empty()
            : window.results().stream().filter(Result::succeeded).limit(1).map(Result::took);
    return new Cell(health, took.toList());
  }

  Cell plus(Cell other) {
    return new Cell(
        health.plus(other.health), Stream.concat(millis.stream(), other.millis.stream()).toList());
  }

  HealthState state() {
    return health.state();
  }

  /** The median; empty if most are under a millisecond or unknown. */
  OptionalLong median() {
    var sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0 || sorted[sorted.length / 2] == 0
        ? OptionalLong.empty()
        : OptionalLong.of(sorted[sorted.length / 2]);
  }

  /** Such as "3 of 12 fail", or the duration of successes. */
  String text() {
    var total = health.total();
    return switch (state()) {
      case FAILING ->
          health.failing() + " of " + total + (health.failing() == 1 ? " fails" : " fail");
      case DEGRADED -> health.degraded() + " of " + total + " failed once";
      case UNKNOWN -> "no result from " + health.unknown();
      case HEALTHY -> median().isPresent() ? median().getAsLong() + " ms" : "";
      case NONE -> "";
    };
  }
}
