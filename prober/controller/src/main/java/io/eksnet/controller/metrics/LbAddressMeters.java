package io.eksnet.controller.metrics;

import io.eksnet.controller.web.AgentObservation;
import io.eksnet.metrics.Catalogue;
import io.eksnet.metrics.MetricFactory;
import io.eksnet.model.Outcome;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LbAddress;
import io.eksnet.model.inventory.Resources;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Probes of each address of a load balancer, from the observations of all agents.
 *
 * <p>An address keeps its index, the lowest one that is free in its load balancer, until it was not
 * probed for a while: load balancers that scale replace addresses, and series must not grow with
 * them. Any thread may report.
 */
public final class LbAddressMeters {
  /** An ELB name has at most 8 addresses in a response of DNS; more come and go. */
  private static final int MAX_ADDRESSES = 16;

  private static final int MAX_LOAD_BALANCERS = 200;

  /** Longer than a rate is computed over. */
  private static final Duration RETENTION = Duration.ofMinutes(15);

  private final Counter probes;
  private final Map<String, Map<String, Slot>> byLb = new HashMap<>();
  private Map<String, String> zones = Map.of();

  /** The series of one address. */
  private static final class Slot {
    private final int index;
    private final Set<List<String>> series = new HashSet<>();
    private Instant last = Instant.EPOCH;

    Slot(int index) {
      this.index = index;
    }
  }

  LbAddressMeters(MetricFactory instruments) {
    probes = instruments.counter(Catalogue.LB_ADDRESS_PROBE);
  }

  /** Counts the outcome at each address of a load balancer; other observations are ignored. */
  public void onObservation(AgentObservation observation) {
    if (observation.subject().orElse(null) instanceof LbKey key) {
      observation
          .result()
          .ifPresent(result -> count(key.lb(), result.addresses(), observation.at()));
    }
  }

  private synchronized void count(String lb, Map<String, String> outcomes, Instant at) {
    if (outcomes.isEmpty() || (byLb.size() >= MAX_LOAD_BALANCERS && !byLb.containsKey(lb))) {
      return;
    }
    var slots = byLb.computeIfAbsent(lb, name -> new HashMap<>());
    new TreeMap<>(outcomes)
        .forEach(
            (address, outcome) -> {
              if (!slots.containsKey(address) && slots.size() < MAX_ADDRESSES) {
                slots.put(address, new Slot(freeIndex(slots)));
              }
              var slot = slots.get(address);
              if (slot != null) {
                slot.last = at.isAfter(slot.last) ? at : slot.last;
                init(lb, address, slot, Outcome.SUCCESS);
                probes.labelValues(init(lb, address, slot, outcome)).inc();
              }
            });
  }

  private String[] init(String lb, String address, Slot slot, String outcome) {
    var labels =
        List.of(lb, zones.getOrDefault(address, ""), Integer.toString(slot.index), outcome);
    var values = labels.toArray(String[]::new);
    if (slot.series.add(labels)) {
      probes.initLabelValues(values);
    }
    return values;
  }

  private static int freeIndex(Map<String, Slot> slots) {
    var used = slots.values().stream().map(slot -> slot.index).collect(Collectors.toSet());
    return IntStream.range(0, MAX_ADDRESSES).filter(i -> !used.contains(i)).findFirst().orElse(0);
  }

  /** Sets the zones of addresses, and frees the indexes of addresses that are gone. */
  public synchronized void update(Inventory inventory, Instant now) {
    if (inventory.get(Resources.LB_ADDRESSES).isPresent()) {
      zones =
          inventory.list(Resources.LB_ADDRESSES).stream()
              .collect(
                  Collectors.toMap(LbAddress::address, LbAddress::zone, (first, next) -> first));
    }
    byLb.values()
        .forEach(
            slots ->
                slots
                    .values()
                    .removeIf(
                        slot -> {
                          var gone = slot.last.plus(RETENTION).isBefore(now);
                          if (gone) {
                            remove(slot);
                          }
                          return gone;
                        }));
    byLb.values().removeIf(Map::isEmpty);
  }

  /** Removes all series: another replica leads. */
  public synchronized void forget() {
    byLb.values().forEach(slots -> slots.values().forEach(this::remove));
    byLb.clear();
  }

  private void remove(Slot slot) {
    slot.series.forEach(labels -> probes.remove(labels.toArray(String[]::new)));
  }
}
