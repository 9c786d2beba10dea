package io.eksnet.agent;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Outcome.NotRun;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a target when its outcome changes, not each time it is the same. Lives on the event loop of
 * the engine.
 */
final class StateChangeLogger {
  private static final Logger log = LoggerFactory.getLogger(StateChangeLogger.class);

  private record Since(String label, Instant at) {}

  private final Map<String, Since> last = new HashMap<>();

  void saw(Observation observation) {
    if (observation.outcome() instanceof NotRun) {
      return;
    }
    var label = observation.outcome().label();
    var before = last.get(observation.task().id());
    if (before == null || !before.label().equals(label)) {
      last.put(observation.task().id(), new Since(label, observation.at()));
      tell(observation, before);
    }
  }

  /** Forgets all tasks but those of these ids. */
  void retain(Set<String> ids) {
    last.keySet().retainAll(ids);
  }

  private static void tell(Observation observation, @Nullable Since before) {
    var task = observation.task();
    if (observation.outcome().worst() instanceof Failure failure) {
      log.atWarn()
          .addKeyValue("task", task.id())
          .addKeyValue("cause", failure.cause().label())
          .addKeyValue("phase", failure.phase().label())
          .addKeyValue("detail", failure.detail())
          .log("target failed");
    } else if (before != null && !before.label().equals(Outcome.SUCCESS)) {
      log.atInfo()
          .addKeyValue("task", task.id())
          .addKeyValue("after", Duration.between(before.at(), observation.at()).toSeconds() + "s")
          .addKeyValue("cause", before.label())
          .log("target recovered");
    }
  }
}
