package io.eksnet.agent;

import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.NotRun;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs whether pods of this node reach the instance's metadata, when that changes. It is no fault
 * either way: pods that can may use the rights of the node. One caller at a time.
 */
final class MetadataReach {
  private static final Logger log = LoggerFactory.getLogger(MetadataReach.class);

  private Optional<Boolean> before = Optional.empty();

  void saw(Outcome outcome) {
    if (outcome instanceof NotRun) {
      return;
    }
    var now = Optional.of(outcome.succeeded());
    if (!now.equals(before)) {
      before = now;
      log.atInfo()
          .addKeyValue("reachable", outcome.succeeded())
          .addKeyValue("outcome", outcome.label())
          .log("instance metadata from pods of this node");
    }
  }
}
