package io.eksnet.controller.page;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The free addresses of each subnet over the last hours. Any thread may add and read. */
public final class FreeAddresses {
  private static final int MOST = 180;
  private static final Duration APART = Duration.ofMinutes(1);

  private final Map<String, Deque<Sample>> subnets = new HashMap<>();

  /** How many were free at a moment. */
  public record Sample(Instant at, int available) {}

  /** Keeps what is known of subnets, if it is news; forgets those that are gone. */
  public synchronized void add(Inventory inventory) {
    var known = inventory.known(Resources.SUBNETS);
    if (known.value().isEmpty()) {
      return;
    }
    Set<String> there =
        known.value().get().stream().map(subnet -> subnet.id()).collect(Collectors.toSet());
    subnets.keySet().retainAll(there);
    for (var subnet : known.value().get()) {
      add(
          subnets.computeIfAbsent(subnet.id(), id -> new ArrayDeque<>()),
          new Sample(known.at(), subnet.available()));
    }
  }

  /** What is kept of each subnet, oldest first. */
  public synchronized Map<String, List<Sample>> samples() {
    var copy = new HashMap<String, List<Sample>>();
    subnets.forEach((id, kept) -> copy.put(id, List.copyOf(new ArrayList<>(kept))));
    return copy;
  }

  /** Forgets everything. */
  public synchronized void forget() {
    subnets.clear();
  }

  private static void add(Deque<Sample> kept, Sample sample) {
    var last = kept.peekLast();
    if (last != null && sample.at().isBefore(last.at().plus(APART))) {
      return;
    }
    kept.addLast(sample);
    if (kept.size() > MOST) {
      kept.removeFirst();
    }
  }
}
