package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Polls {@code /version}. A response is no evidence of the watches, which have connections of their
 * own; without a response they may be dead. Confined to one thread.
 */
final class ApiServerLiveness {
  private final ApiClient api;
  private final Executor thread;
  private final Duration interval;
  private final Duration maxAge;
  private Instant requestedAt = Instant.EPOCH;
  private Instant aliveAt = Instant.EPOCH;
  private Optional<Unavailable> failure = Optional.empty();
  private boolean pending;
  private boolean recovered;

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
    var unused =
        api.checkVersion()
            .whenCompleteAsync(
                (unavailable, error) -> {
                  pending = false;
                  onAnswer(unavailable, now);
                },
                thread);
  }

  private void onAnswer(Optional<Unavailable> unavailable, Instant sent) {
    if (unavailable.isEmpty()) {
      aliveAt = sent;
      recovered = recovered || failure.isPresent();
    }
    failure = unavailable;
  }

  /** The age of the last answer is unknown then. */
  void onClockSetBack() {
    requestedAt = Instant.EPOCH;
    aliveAt = Instant.EPOCH;
  }

  /** Whether the API server answers again after a request without an answer; true once. */
  boolean hasRecovered() {
    var now = recovered;
    recovered = false;
    return now;
  }

  /** Why there was no answer lately; empty: there was one. */
  Optional<Unavailable> unavailable(Instant now) {
    return now.isBefore(aliveAt.plus(maxAge))
        ? Optional.empty()
        : Optional.of(failure.orElse(Unavailable.NOT_YET));
  }
}
