package io.eksnet.inventory.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * Polls {@code /version}, because a watch whose connection was lost without a packet looks like a
 * watch without events. Confined to one thread.
 */
final class ApiServerLiveness {
  private final ApiClient api;
  private final Executor thread;
  private final Duration interval;
  private final Duration maxAge;
  private Instant requestedAt = Instant.EPOCH;
  private Instant aliveAt = Instant.EPOCH;
  private boolean pending;

  ApiServerLiveness(ApiClient api, Executor thread, KubeSettings settings) {
    this.api = api;
    this.thread = thread;
    interval = settings.grace();
    maxAge = settings.grace().multipliedBy(2).plus(settings.timeout());
  }

  /** Sends a request when the interval is over. */
  void tick(Instant now) {
    if (pending || now.isBefore(requestedAt.plus(interval))) {
      return;
    }
    pending = true;
    requestedAt = now;
    api.isAlive()
        .whenCompleteAsync(
            (alive, error) -> {
              pending = false;
              aliveAt = Boolean.TRUE.equals(alive) ? now : aliveAt;
            },
            thread);
  }

  /** The age of the last answer is unknown then. */
  void onClockSetBack() {
    requestedAt = Instant.EPOCH;
    aliveAt = Instant.EPOCH;
  }

  boolean isAlive(Instant now) {
    return now.isBefore(aliveAt.plus(maxAge));
  }
}
