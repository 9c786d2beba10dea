package io.eksnet.web;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Limits the memory of response bodies that clients have not read yet. When a new body exceeds the
 * limit, the connections that still read the oldest bodies are closed. Used on the event loop of
 * the server only.
 */
final class BodyMemory {
  /** Smaller bodies are not counted: the limits on connections bound them. */
  private static final long MIN_BYTES = 16_384;

  private static final String KEY = "eksnet.body-memory";
  private static final int HEAP_FRACTION = 10;
  private static final long MIN_LIMIT = 8L << 20;

  private final long limit;
  private final Set<Body> bodies = new LinkedHashSet<>();
  private long used;

  /** At most a tenth of the heap. */
  BodyMemory() {
    this(Math.max(MIN_LIMIT, Runtime.getRuntime().maxMemory() / HEAP_FRACTION));
  }

  /**
   * @param limit in bytes; a single body may exceed it
   */
  BodyMemory(long limit) {
    this.limit = limit;
  }

  /** Makes it available to the handlers of a request. */
  static void set(RoutingContext context, BodyMemory memory) {
    context.put(KEY, memory);
  }

  /** That of the server of a request. */
  static BodyMemory of(RoutingContext context) {
    return Objects.requireNonNull(context.<BodyMemory>get(KEY));
  }

  /** Counts a body until its last reader has ended. */
  Body body(long bytes) {
    return new Body(bytes);
  }

  /** One body, which several responses may share. */
  final class Body {
    private final long bytes;
    private final Set<Runnable> readers = new HashSet<>();

    private Body(long bytes) {
      this.bytes = bytes;
    }

    /**
     * A response starts to send this body.
     *
     * @param close closes its connection
     */
    void addReader(Runnable close) {
      if (readers.add(close) && readers.size() == 1 && bytes >= MIN_BYTES) {
        bodies.add(this);
        used += bytes;
        evict();
      }
    }

    /** The response has ended or its connection is closed. */
    void removeReader(Runnable close) {
      if (readers.remove(close) && readers.isEmpty() && bodies.remove(this)) {
        used -= bytes;
      }
    }

    private void evict() {
      while (used > limit && bodies.size() > 1) {
        var oldest = bodies.iterator().next();
        for (var close : new ArrayList<>(oldest.readers)) {
          oldest.removeReader(close);
          close.run();
        }
      }
    }
  }
}
