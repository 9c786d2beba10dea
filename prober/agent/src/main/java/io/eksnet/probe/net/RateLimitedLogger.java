package io.eksnet.probe.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what keeps probes from running once an hour per message, and not at every run. */
final class RateLimitedLogger {
  private static final Logger log = LoggerFactory.getLogger(RateLimitedLogger.class);
  private static final int MAX_MESSAGES = 64;
  private static final long REPEAT_INTERVAL_NANOS = 3_600_000_000_000L;

  private static final Map<String, Long> logged =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_MESSAGES;
        }
      };

  private RateLimitedLogger() {}

  static void warn(LocalFailure failure) {
    if (isDue(failure.detail(), System.nanoTime())) {
      log.atWarn().addKeyValue("reason", failure.detail()).log("probe could not run");
    }
  }

  static void error(Throwable error) {
    if (isDue(error.toString(), System.nanoTime())) {
      log.atError().setCause(error).log("unexpected error in a probe (please report this bug)");
    }
  }

  private static boolean isDue(String message, long now) {
    synchronized (logged) {
      var last = logged.get(message);
      if (last != null && now - last < REPEAT_INTERVAL_NANOS) {
        return false;
      }
      logged.put(message, now);
      return true;
    }
  }
}
