package io.eksnet.soak;

import io.eksnet.cli.ExpositionSamples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What the agent counted of one service, over all its restarts, beside what the service received.
 */
final class Counts {
  private final String service;
  private final boolean drops;
  private final LongSupplier seen;
  private final Map<String, Double> earlier = new HashMap<>();
  private Map<String, Double> now = Map.of();
  private long pid = -1;
  private int switches;
  private int cuts;

  /**
   * @param drops whether the service ever drops SYNs, so that a timeout may not have reached it
   * @param seen how many runs the service has seen since it was opened
   */
  Counts(String service, boolean drops, LongSupplier seen) {
    this.service = service;
    this.drops = drops;
    this.seen = seen;
  }

  /** The service was switched: the run in flight may have reached it or not. */
  void switched() {
    switches++;
  }

  /** Some runs may have come to an end that nobody could read. */
  void cut(int runs) {
    cuts += runs;
  }

  /** Reads a page of the agent. */
  void read(long from, ExpositionSamples page) {
    if (from != pid) {
      now.forEach((outcome, count) -> earlier.merge(outcome, count, Double::sum));
      pid = from;
    }
    var outcomes = new HashMap<String, Double>();
    for (var sample : page.of("eksnet_probe_total", Map.of("probe", service))) {
      outcomes.merge(String.valueOf(sample.labels().get("outcome")), sample.value(), Double::sum);
    }
    now = outcomes;
  }

  /** What is wrong with the counts, given what the service had seen just before the last page. */
  List<String> wrong(long seenBefore) {
    var notRun = of("not_run");
    var most = all() - notRun - of("conn_refused");
    var least = most - (drops ? of("timeout") : 0);
    var wrong = new ArrayList<String>();
    if (seenBefore > most + notRun + switches + cuts + 1) {
      wrong.add("lost: " + this);
    }
    if (least - switches > seen.getAsLong()) {
      wrong.add("doubled: " + this);
    }
    return wrong;
  }

  long seen() {
    return seen.getAsLong();
  }

  private double all() {
    return sum(earlier.values()) + sum(now.values());
  }

  private double of(String outcome) {
    return earlier.getOrDefault(outcome, 0.0) + now.getOrDefault(outcome, 0.0);
  }

  private static double sum(Iterable<Double> values) {
    var sum = 0.0;
    for (var value : values) {
      sum += value;
    }
    return sum;
  }

  @Override
  public String toString() {
    return "%s received %d, eksnet counted %.0f: refused %.0f, timeout %.0f, not_run %.0f; %d switches, %d cut"
        .formatted(
            service,
            seen(),
            all(),
            of("conn_refused"),
            of("timeout"),
            of("not_run"),
            switches,
            cuts);
  }
}
