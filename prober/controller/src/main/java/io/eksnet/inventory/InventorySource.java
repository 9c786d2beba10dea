package io.eksnet.inventory;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Something that is read again and again for one part of the inventory. It never blocks the thread
 * that asks it.
 *
 * @param <F> what it knows; immutable
 */
public interface InventorySource<F> extends AutoCloseable {
  /** What it knows. */
  Resource<F> part();

  /** How often it is read. */
  Duration every();

  /** What it must be allowed to do; it calls nothing else. */
  List<Permission> permissions();

  /**
   * Reads it anew. Fails with a {@link SourceException} and with nothing else; what could not be
   * read is never an empty value.
   *
   * @param known what is known of the other parts, for sources that join
   */
  Future<F> read(Inventory known);

  /**
   * Whether what is known of other parts by now is a reason to read it before its time. Cheap, and
   * asked at each change; the source itself takes care that this is not true too often.
   */
  default boolean early(Inventory known) {
    return false;
  }

  @Override
  default void close() {}
}
