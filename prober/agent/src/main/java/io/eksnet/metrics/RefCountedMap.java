package io.eksnet.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Things that several users hold together; the last one to give a thing back ends it. */
final class RefCountedMap<K, T> {
  private record Held<T>(T thing, int users) {}

  private final Map<K, Held<T>> held = new HashMap<>();
  private final BiConsumer<K, T> end;

  RefCountedMap(BiConsumer<K, T> end) {
    this.end = end;
  }

  synchronized T acquire(K key, Supplier<T> create) {
    var before = held.get(key);
    var now =
        before == null
            ? new Held<>(create.get(), 1)
            : new Held<>(before.thing(), before.users() + 1);
    held.put(key, now);
    return now.thing();
  }

  synchronized void release(K key) {
    var before = held.remove(key);
    if (before == null) {
      return;
    }
    if (before.users() > 1) {
      held.put(key, new Held<>(before.thing(), before.users() - 1));
    } else {
      end.accept(key, before.thing());
    }
  }
}
