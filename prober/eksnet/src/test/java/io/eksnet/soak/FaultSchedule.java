package io.eksnet.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Short faults that overlap, derived from a seed alone. */
record FaultSchedule(long seed, List<Event> events) {
  private static final int MIN_FAULT_MILLIS = 1_000;
  private static final int MAX_FAULT_MILLIS = 8_000;
  private static final int MAX_PAUSE_MILLIS = 1_600;

  /** A fault, and when it begins and is repaired. */
  record Event(Duration at, SoakFault fault, Duration until) {
    boolean on(Duration now, Duration clearing) {
      return at.compareTo(now) <= 0 && now.compareTo(until.plus(clearing)) <= 0;
    }

    @Override
    public String toString() {
      return "%5.1f to %5.1f s  %s".formatted(at.toMillis() / 1e3, until.toMillis() / 1e3, fault);
    }
  }

  /** A step of the play: an event begins, or it ends. */
  record Step(Duration at, boolean begins, Event event) {}

  FaultSchedule {
    events = List.copyOf(events);
  }

  /** A schedule of this length; no fault strikes what another one strikes at the same time. */
  static FaultSchedule of(long seed, Duration length, List<SoakFault> faults) {
    var random = new SplittableRandom(seed);
    var events = new ArrayList<Event>();
    for (var at = 0L;
        at < length.toMillis() - MIN_FAULT_MILLIS;
        at += random.nextInt(MAX_PAUSE_MILLIS)) {
      var fault = faults.get(random.nextInt(faults.size()));
      var until =
          Math.min(length.toMillis(), at + random.nextInt(MIN_FAULT_MILLIS, MAX_FAULT_MILLIS));
      var event = new Event(Duration.ofMillis(at), fault, Duration.ofMillis(until));
      if (events.stream().noneMatch(earlier -> collide(earlier, event))) {
        events.add(event);
      }
    }
    return new FaultSchedule(seed, events);
  }

  /** Its beginnings and ends in their order. */
  List<Step> steps() {
    var steps = new ArrayList<Step>();
    events.forEach(event -> steps.add(new Step(event.at(), true, event)));
    events.forEach(event -> steps.add(new Step(event.until(), false, event)));
    steps.sort(Comparator.comparing(Step::at));
    return steps;
  }

  private static boolean collide(Event earlier, Event later) {
    return earlier.fault().victim().equals(later.fault().victim())
        && later.at().compareTo(earlier.until()) <= 0;
  }

  @Override
  public String toString() {
    return events.stream()
        .map(Event::toString)
        .collect(Collectors.joining("\n  ", "seed " + seed + "\n  ", ""));
  }
}
