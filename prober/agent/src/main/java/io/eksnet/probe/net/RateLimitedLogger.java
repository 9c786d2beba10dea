package io.eksnet.probe.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps the prober from running, said once an hour and not at every run. */
final class RateLimitedLogger {
  private static final Logger log = LoggerFactory.getLogger(RateLimitedLogger.class);
  private static final int REMEMBERED = 64;
  private static final long AGAIN_NANOS = 3_600_000_000_000L;

  private static final Map<String, Long> said =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  private RateLimitedLogger() {}

  /** The prober lacks something. */
  static void lacking(LocalFailure what) {
    if (isNews(what.detail(), System.nanoTime())) {
      log.warn("a probe could not run: {}", what.detail());
    }
  }

  /** A mistake of the program. */
  static void unforeseen(Throwable error) {
    if (isNews(error.toString(), System.nanoTime())) {
      log.error("a probe broke, which is a mistake of this program", error);
    }
  }

  private static boolean isNews(String detail, long now) {
    synchronized (said) {
      var last = said.get(detail);
      if (last != null && now - last < AGAIN_NANOS) {
        return false;
      }
      said.put(detail, now);
      return true;
    }
  }
}
