package io.eksnet.lab.world;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  void follow(Iterable<K> wanted) {
    var keys = new HashSet<K>();
    wanted.forEach(keys::add);
    for (var key : List.copyOf(open.keySet())) {
      if (!keys.contains(key)) {
        closing.accept(get(key));
        open.remove(key);
      }
    }
    keys.forEach(key -> open.computeIfAbsent(key, opening));
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
    follow(List.of());
  }
}
