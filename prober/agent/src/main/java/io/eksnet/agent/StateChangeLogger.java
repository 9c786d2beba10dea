package io.eksnet.agent;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Failure;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs targets, inventory resources, host files and metadata access when their state changes, and
 * not while it stays the same. One thread at a time.
 */
public final class StateChangeLogger {
  private static final Logger log = LoggerFactory.getLogger(StateChangeLogger.class);
  private static final String METADATA = "metadata";
  private static final String HOST_FILES = "host files";

  private final Map<String, State> states = new HashMap<>();

  private record State(String label, Instant since) {}

  /**
   * A target fails for another cause, or has recovered. A run that did not happen changes nothing.
   */
  void onObservation(Observation observation) {
    if (observation.outcome() instanceof NotRun) {
      return;
    }
    var id = observation.task().id();
    var label = observation.outcome().label();
    var before = states.get(id);
    if (before == null || !before.label().equals(label)) {
      states.put(id, new State(label, observation.at()));
      logTarget(observation, before);
    }
  }

  /** Forgets all targets but those with these task ids. */
  void retain(Set<String> taskIds) {
    states.keySet().retainAll(taskIds);
  }

  /**
   * Whether pods of this node reach the instance metadata. Neither is a fault: pods that do may use
   * the permissions of the node.
   */
  void onMetadataCheck(Outcome outcome) {
    if (outcome instanceof NotRun || !isNew(METADATA, String.valueOf(outcome.succeeded()))) {
      return;
    }
    log.atInfo()
        .addKeyValue("reachable", outcome.succeeded())
        .addKeyValue("outcome", outcome.label())
        .log("instance metadata access from pods of this node");
  }

  /** The host files were read; {@code problem} is why one of them was not. */
  void onHostFiles(Optional<String> problem) {
    if (problem.isEmpty()) {
      if (states.remove(HOST_FILES) != null) {
        log.info("host files readable again");
      }
    } else if (isNew(HOST_FILES, problem.get())) {
      log.atWarn()
          .addKeyValue("error", problem.get())
          .log("cannot read host files, keeping previous content");
    }
  }

  /** A resource was read, or could not be read; its first read is not yet a failure. */
  public void onRead(Resource<?> resource, Snapshot<?> snapshot) {
    var name = resource.name();
    var unavailable = snapshot.unavailable();
    if (unavailable.isEmpty()) {
      if (states.remove(name) != null) {
        log.atInfo().addKeyValue("poll", name).log("poll succeeded again");
      }
      return;
    }
    var reason = unavailable.get();
    if (reason.reason() != Reason.NOT_YET && isNew(name, reason.reason().label())) {
      (reason.reason() == Reason.ABSENT ? log.atInfo() : log.atWarn())
          .addKeyValue("poll", name)
          .addKeyValue("service", resource.service())
          .addKeyValue("reason", reason.reason().label())
          .addKeyValue("detail", reason.detail())
          .log("poll failed");
    }
  }

  private boolean isNew(String key, String label) {
    var before = states.put(key, new State(label, Instant.EPOCH));
    return before == null || !before.label().equals(label);
  }

  private static void logTarget(Observation observation, @Nullable State before) {
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
          .addKeyValue(
              "after", Duration.between(before.since(), observation.at()).toSeconds() + "s")
          .addKeyValue("cause", before.label())
          .log("target recovered");
    }
  }
}
