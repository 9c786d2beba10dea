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

/** The free addresses of each subnet over the last three hours. Thread-safe. */
public final class FreeAddresses {
  private static final int MAX_SAMPLES = 180;
  private static final Duration SAMPLE_INTERVAL = Duration.ofMinutes(1);

  private final Map<String, Deque<Sample>> subnets = new HashMap<>();

  public record Sample(Instant at, int available) {}

  /** Records a sample of each subnet, at most one per minute; removes deleted subnets. */
  public synchronized void add(Inventory inventory) {
    var known = inventory.snapshot(Resources.SUBNETS);
    if (known.value().isEmpty()) {
      return;
    }
    Set<String> ids =
        known.value().get().stream().map(subnet -> subnet.id()).collect(Collectors.toSet());
    subnets.keySet().retainAll(ids);
    for (var subnet : known.value().get()) {
      add(
          subnets.computeIfAbsent(subnet.id(), id -> new ArrayDeque<>()),
          new Sample(known.at(), subnet.available()));
    }
  }

  /** The samples of each subnet, oldest first. */
  public synchronized Map<String, List<Sample>> samples() {
    var copy = new HashMap<String, List<Sample>>();
    subnets.forEach((id, samples) -> copy.put(id, List.copyOf(new ArrayList<>(samples))));
    return copy;
  }

  public synchronized void clear() {
    subnets.clear();
  }

  private static void add(Deque<Sample> samples, Sample sample) {
    var last = samples.peekLast();
    if (last != null && sample.at().isBefore(last.at().plus(SAMPLE_INTERVAL))) {
      return;
    }
    samples.addLast(sample);
    if (samples.size() > MAX_SAMPLES) {
      samples.removeFirst();
    }
  }
}
