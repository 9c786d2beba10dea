package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Counts failed pod sandboxes since the start. The kubelet aggregates repeated events, so each
 * event is tracked by its uid and adds the growth of its count. An event of the first list counts
 * as one failure if it is recent: how many of its failures are recent is unknown. Confined to one
 * thread.
 */
final class SandboxFailureCounter {
  /** How long the counters of a deleted node are kept after its last failure. */
  private static final Duration RETENTION = Duration.ofHours(1);

  /** Older events of the first list belong to failures that may be over. */
  private static final Duration RECENT = Duration.ofMinutes(5);

  private record Key(String node, SandboxFailure failure) {}

  private static final class Counter {
    private String zone = "";
    private long count;
    private String message = "";
    private Instant last = Instant.EPOCH;
  }

  private Map<String, Integer> lastCounts = Map.of();
  private final Map<Key, Counter> counters = new HashMap<>();
  private boolean firstListRead;

  /**
   * Adds the growth of the counts.
   *
   * @param nodeOf the node of a pod by {@code Pod/namespace/name}, or an empty text
   * @param zones of the existing nodes, by name
   */
  void count(
      Collection<CachedEvent> events,
      Function<String, String> nodeOf,
      Map<String, String> zones,
      Instant now) {
    var counts = new HashMap<String, Integer>();
    for (var event : events) {
      event
          .sandbox()
          .ifPresent(
              failure -> {
                counts.put(event.uid(), event.count());
                int growth =
                    firstListRead
                        ? event.count() - lastCounts.getOrDefault(event.uid(), 0)
                        : event.last().plus(RECENT).isAfter(now) ? 1 : 0;
                if (growth > 0) {
                  var node = event.node().isEmpty() ? nodeOf.apply(event.subject()) : event.node();
                  var last = firstListRead ? now : event.last();
                  add(new Key(node, failure), growth, event.message(), zones, last);
                }
              });
    }
    lastCounts = counts;
    firstListRead = true;
    counters
        .entrySet()
        .removeIf(
            e ->
                !zones.containsKey(e.getKey().node())
                    && now.isAfter(e.getValue().last.plus(RETENTION)));
  }

  private void add(Key key, int growth, String message, Map<String, String> zones, Instant now) {
    var counter = counters.computeIfAbsent(key, k -> new Counter());
    counter.count += growth;
    if (!now.isBefore(counter.last)) {
      counter.last = now;
      counter.message = SandboxEventParser.text(message);
    }
    if (counter.zone.isEmpty()) {
      // kept once known: a counter that changes its labels starts again at zero
      counter.zone = zones.getOrDefault(key.node(), "");
    }
  }

  /** The counts since the start, and recent events before it. */
  List<SandboxFailures> failures() {
    return counters.entrySet().stream()
        .map(
            e ->
                new SandboxFailures(
                    e.getValue().zone,
                    e.getKey().node(),
                    e.getKey().failure(),
                    e.getValue().count,
                    e.getValue().message,
                    e.getValue().last))
        .sorted(Comparator.comparing(SandboxFailures::node).thenComparing(SandboxFailures::reason))
        .toList();
  }
}
