package io.eksnet.controller;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a part when it begins or ceases to lack something, not each time, and not while it waits for
 * its first read. On one context.
 */
final class PollLog {
  private static final Logger log = LoggerFactory.getLogger(PollLog.class);

  private final Map<Resource<?>, Unavailable.Reason> lacking = new HashMap<>();

  void heard(Resource<?> part, Inventory inventory) {
    var lack = inventory.snapshot(part).unavailable();
    var before = lacking.get(part);
    if (lack.isEmpty()) {
      if (lacking.remove(part) != null) {
        log.atInfo().addKeyValue("poll", part.name()).log("read again");
      }
    } else if (lack.get().reason() != before && lack.get().reason() != Unavailable.Reason.NOT_YET) {
      lacking.put(part, lack.get().reason());
      (lack.get().reason() == Unavailable.Reason.ABSENT ? log.atInfo() : log.atWarn())
          .addKeyValue("poll", part.name())
          .addKeyValue("service", part.service())
          .addKeyValue("why", lack.get().reason().label())
          .addKeyValue("detail", lack.get().detail())
          .log("cannot be read");
    }
  }
}
