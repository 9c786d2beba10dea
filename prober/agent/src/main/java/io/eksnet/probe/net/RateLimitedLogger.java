package io.eksnet.probe.net;

import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what keeps probes from running, once a minute per kind and not at every run. Belongs to its
 * event loop.
 */
public final class RateLimitedLogger {
  private static final Logger log = LoggerFactory.getLogger(RateLimitedLogger.class);
  private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

  /** There are a few error numbers and classes of exceptions; this is against surprises. */
  private static final int MAX_KINDS = 64;

  private final EventLoop loop;
  private final Map<String, Kind> kinds = new HashMap<>();

  private static final class Kind {
    private long loggedAt;
    private long suppressed;
  }

  RateLimitedLogger(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Logs {@code error} unless one of its kind was logged within the last minute. A {@link
   * LocalFailure} has its own kind; that of everything else, which is a bug, is its class.
   */
  public void log(Throwable error) {
    var local = error instanceof LocalFailure failure ? failure : null;
    var name = local == null ? error.getClass().getName() : local.kind();
    var now = loop.ticker().nanoTime();
    var kind = kinds.get(name);
    if (kind == null) {
      if (kinds.size() >= MAX_KINDS) {
        kinds.values().removeIf(old -> now - old.loggedAt >= INTERVAL);
      }
      if (kinds.size() >= MAX_KINDS) {
        return;
      }
      kind = new Kind();
      kinds.put(name, kind);
    } else if (now - kind.loggedAt < INTERVAL) {
      kind.suppressed++;
      return;
    }
    var suppressed = kind.suppressed;
    kind.loggedAt = now;
    kind.suppressed = 0;
    try {
      write(error, local, suppressed);
    } catch (LinkageError e) {
      // A class of the logger could not be loaded, perhaps for lack of the descriptor that the
      // error is about. The run must end all the same.
    }
  }

  private static void write(Throwable error, @Nullable LocalFailure local, long suppressed) {
    var event = local == null ? log.atError().setCause(error) : log.atWarn();
    if (suppressed > 0) {
      event = event.addKeyValue("suppressed", suppressed);
    }
    if (local == null) {
      event.log("unexpected error in a probe (please report this bug)");
    } else {
      event
          .addKeyValue("kind", local.kind())
          .addKeyValue("reason", local.detail())
          .log("probe could not run");
    }
  }
}
