package io.eksnet.model.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that is known of a cluster's network at one moment; a part never read is unknown. */
public final class Inventory {
  /** Nothing is known. */
  public static final Inventory EMPTY = new Inventory(Map.of());

  private final Map<Resource<?>, Snapshot<?>> parts;

  private Inventory(Map<Resource<?>, Snapshot<?>> parts) {
    this.parts = parts;
  }

  /** What is known of a part. */
  @SuppressWarnings("unchecked") // with() puts only a Known<T> under a Part<T>
  public <T> Snapshot<T> known(Resource<T> part) {
    return (Snapshot<T>) parts.getOrDefault(part, Snapshot.notYet(Duration.ZERO));
  }

  /** The value of a part, if it is known. */
  public <T> Optional<T> get(Resource<T> part) {
    return known(part).value();
  }

  /** The elements of a part, none if it is not known: only for what may be left out then. */
  public <T> List<T> list(Resource<List<T>> part) {
    return get(part).orElse(List.of());
  }

  /** The same with another state of one part. */
  public <T> Inventory with(Resource<T> part, Snapshot<T> known) {
    var changed = new LinkedHashMap<>(parts);
    changed.put(part, known);
    return new Inventory(Collections.unmodifiableMap(changed));
  }

  /** What may still be believed at {@code now}. */
  public Inventory at(Instant now) {
    var believed = new LinkedHashMap<Resource<?>, Snapshot<?>>();
    parts.forEach((part, known) -> believed.put(part, known.at(now)));
    return new Inventory(Collections.unmodifiableMap(believed));
  }

  /** The parts that were read or tried, in the order of their first reading. */
  public Set<Resource<?>> parts() {
    return parts.keySet();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Inventory other && parts.equals(other.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  @Override
  public String toString() {
    return parts.toString();
  }
}
