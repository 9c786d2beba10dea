package io.eksnet.lab.world;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Open things by key: opened when they are wanted, closed when they are not any more. */
final class Closers<K, T> {
  private final Map<K, T> open = new HashMap<>();
  private final Function<K, T> opening;
  private final java.util.function.Consumer<T> closing;

  Closers(Function<K, T> opening, java.util.function.Consumer<T> closing) {
    this.opening = opening;
    this.closing = closing;
  }

  /** Closes what is not wanted, then opens what is missing. */
  void follow(Set<K> wanted) {
    retain(wanted);
    open(wanted);
  }

  /** Opens what is missing. */
  void open(Set<K> wanted) {
    wanted.forEach(key -> open.computeIfAbsent(key, opening));
  }

  /** Closes what is not wanted. */
  void retain(Set<K> wanted) {
    for (var key : List.copyOf(open.keySet())) {
      if (!wanted.contains(key)) {
        closing.accept(get(key));
        open.remove(key);
      }
    }
  }

  /** An open one. */
  T get(K key) {
    var found = open.get(key);
    if (found == null) {
      throw new IllegalArgumentException("nothing is open at " + key);
    }
    return found;
  }

  void close() {
    retain(Set.of());
  }
}
