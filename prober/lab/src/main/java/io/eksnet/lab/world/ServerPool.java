package io.eksnet.lab.world;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Open servers by endpoint. */
final class ServerPool<K, T> {
  private final Map<K, T> servers = new HashMap<>();
  private final Function<K, T> opener;
  private final Consumer<T> closer;

  ServerPool(Function<K, T> opener, Consumer<T> closer) {
    this.opener = opener;
    this.closer = closer;
  }

  /** Closes the servers that are not wanted, then opens missing ones. */
  void update(Set<K> wanted) {
    retain(wanted);
    open(wanted);
  }

  /** Opens missing servers. */
  void open(Set<K> wanted) {
    wanted.forEach(key -> servers.computeIfAbsent(key, opener));
  }

  /** Closes the servers that are not wanted. */
  void retain(Set<K> wanted) {
    closeIf(key -> !wanted.contains(key));
  }

  /** Closes the servers of these endpoints. */
  void closeIf(Predicate<K> condition) {
    servers
        .entrySet()
        .removeIf(
            entry -> {
              boolean unwanted = condition.test(entry.getKey());
              if (unwanted) {
                closer.accept(entry.getValue());
              }
              return unwanted;
            });
  }

  /** An open server. */
  T get(K key) {
    return Objects.requireNonNull(servers.get(key), () -> "no server at " + key);
  }

  void close() {
    retain(Set.of());
  }
}
