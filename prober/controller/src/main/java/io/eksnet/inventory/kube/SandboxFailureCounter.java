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
 * Counts failed pod sandboxes. Events are merged by the API server, so each is followed by its uid
 * and counts by how much its own count grew. What the first list holds happened before the start.
 * Confined to one thread.
 */
final class SandboxFailureCounter {
  /** A node that made no trouble for so long, and is gone, is forgotten. */
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private record Key(String node, SandboxFailure failure) {}

  private static final class Row {
    private String zone = "";
    private long count;
    private Instant last = Instant.EPOCH;
  }

  private Map<String, Integer> seen = Map.of();
  private final Map<Key, Row> rows = new HashMap<>();
  private boolean begun;

  /**
   * Counts what is new.
   *
   * @param nodeOf the node of a pod by its {@code Pod/namespace/name}, or an empty text
   * @param zones of the nodes there are
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
                int more = event.count() - seen.getOrDefault(event.uid(), 0);
                if (begun && more > 0) {
                  var node = event.node().isEmpty() ? nodeOf.apply(event.subject()) : event.node();
                  add(new Key(node, failure), more, zones, now);
                }
              });
    }
    seen = counts;
    begun = true;
    rows.entrySet()
        .removeIf(
            e ->
                !zones.containsKey(e.getKey().node())
                    && now.isAfter(e.getValue().last.plus(REMEMBERED)));
  }

  private void add(Key key, int more, Map<String, String> zones, Instant now) {
    var row = rows.computeIfAbsent(key, k -> new Row());
    row.count += more;
    row.last = now;
    if (row.zone.isEmpty()) {
      // told once and kept: a counter that changes its labels starts anew
      row.zone = zones.getOrDefault(key.node(), "");
    }
  }

  /** How many there were since the start. */
  List<SandboxFailures> rows() {
    return rows.entrySet().stream()
        .map(
            e ->
                new SandboxFailures(
                    e.getValue().zone,
                    e.getKey().node(),
                    e.getKey().failure(),
                    e.getValue().count,
                    e.getValue().last))
        .sorted(Comparator.comparing(SandboxFailures::node).thenComparing(SandboxFailures::reason))
        .toList();
  }
}
