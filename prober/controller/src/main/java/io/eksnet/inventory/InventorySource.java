package io.eksnet.inventory;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Reads one resource of the inventory from Kubernetes, AWS or DNS. It never blocks the caller's
 * thread.
 *
 * @param <T> the value; immutable
 */
public interface InventorySource<T> extends AutoCloseable {
  /** The resource it reads. */
  Resource<T> resource();

  /** The shortest interval it supports; zero unless it needs longer than the configured one. */
  default Duration minInterval() {
    return Duration.ZERO;
  }

  /** The permissions it needs; it makes no other calls. */
  List<Permission> permissions();

  /**
   * Reads the resource. Fails only with a {@link SourceException}; a value that cannot be read is
   * never returned as an empty one.
   *
   * @param inventory the other resources, for sources that join them
   */
  Future<T> read(Inventory inventory);

  /**
   * Whether other resources changed in a way that calls for a read before the interval is over.
   * Cheap, and called at each change; the source itself limits how often it returns true.
   */
  default boolean shouldRefresh(Inventory inventory) {
    return false;
  }

  @Override
  default void close() {}
}
