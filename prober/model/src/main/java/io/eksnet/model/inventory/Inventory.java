package io.eksnet.model.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The snapshots of a cluster's network resources; a resource never read is unknown. */
public final class Inventory {
  /** Nothing is known. */
  public static final Inventory EMPTY = new Inventory(Map.of());

  private final Map<Resource<?>, Snapshot<?>> snapshots;

  private Inventory(Map<Resource<?>, Snapshot<?>> snapshots) {
    this.snapshots = snapshots;
  }

  /** The snapshot of a resource. */
  @SuppressWarnings("unchecked") // with() puts only a Snapshot<T> under a Resource<T>
  public <T> Snapshot<T> snapshot(Resource<T> resource) {
    return (Snapshot<T>) snapshots.getOrDefault(resource, Snapshot.notYet(Duration.ZERO));
  }

  /** The value of a resource, if it is known. */
  public <T> Optional<T> get(Resource<T> resource) {
    return snapshot(resource).value();
  }

  /** The elements of a resource; none if it is not known, so only for what may then be left out. */
  public <T> List<T> list(Resource<List<T>> resource) {
    return get(resource).orElse(List.of());
  }

  /** Whether there is no value of a resource, unless it is one that the cluster does not have. */
  public boolean isUnknown(Resource<?> resource) {
    var snapshot = snapshot(resource);
    return snapshot.value().isEmpty()
        && snapshot
            .unavailable()
            .filter(lack -> lack.reason() == Unavailable.Reason.ABSENT)
            .isEmpty();
  }

  /** The same with another snapshot of one resource. */
  public <T> Inventory with(Resource<T> resource, Snapshot<T> snapshot) {
    var changed = new LinkedHashMap<>(snapshots);
    changed.put(resource, snapshot);
    return new Inventory(Collections.unmodifiableMap(changed));
  }

  /** The same without the values that are stale at {@code now}. */
  public Inventory ifFresh(Instant now) {
    var fresh = new LinkedHashMap<Resource<?>, Snapshot<?>>();
    snapshots.forEach((resource, snapshot) -> fresh.put(resource, snapshot.ifFresh(now)));
    return new Inventory(Collections.unmodifiableMap(fresh));
  }

  /** The resources that were read or tried, in the order of their first read. */
  public Set<Resource<?>> resources() {
    return snapshots.keySet();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Inventory other && snapshots.equals(other.snapshots);
  }

  @Override
  public int hashCode() {
    return snapshots.hashCode();
  }

  @Override
  public String toString() {
    return snapshots.toString();
  }
}
