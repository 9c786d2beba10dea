package io.eksnet.inventory.aws;

import static java.util.Comparator.comparing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Values with a time to live. A stale value stays until it is replaced or removed, for callers that
 * prefer it to none. Thread-safe.
 */
final class Cache<K extends Comparable<K>, V> {
  private final Duration ttl;
  private final Clock clock;
  private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();

  private record Entry<V>(V value, Instant at) {}

  Cache(Duration ttl, Clock clock) {
    this.ttl = ttl;
    this.clock = clock;
  }

  void put(K key, V value) {
    entries.put(key, new Entry<>(value, clock.instant()));
  }

  /** The value, fresh or stale. */
  Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  Optional<V> getIfFresh(K key) {
    return isFresh(key) ? get(key) : Optional.empty();
  }

  boolean contains(K key) {
    return entries.containsKey(key);
  }

  Stream<V> values() {
    return entries.values().stream().map(Entry::value);
  }

  void retainAll(Collection<K> keys) {
    entries.keySet().retainAll(keys);
  }

  /** The keys without a fresh value: first those without any, then by age. */
  List<K> stale(Collection<K> keys) {
    return oldestFirst(keys).stream().filter(key -> !isFresh(key)).toList();
  }

  List<K> oldestFirst(Collection<K> keys) {
    return keys.stream()
        .sorted(comparing(this::readAt).thenComparing(key -> key))
        .distinct()
        .toList();
  }

  private Instant readAt(K key) {
    var entry = entries.get(key);
    return entry == null ? Instant.MIN : entry.at();
  }

  /** A value from the future, after the clock was set back, is not fresh. */
  private boolean isFresh(K key) {
    var entry = entries.get(key);
    var now = clock.instant();
    return entry != null && !entry.at().isAfter(now) && now.isBefore(entry.at().plus(ttl));
  }
}
