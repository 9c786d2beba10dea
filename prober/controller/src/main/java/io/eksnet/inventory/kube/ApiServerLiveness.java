package io.eksnet.inventory.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * Whether the API server answers. A watch whose connection died silently looks like one where
 * nothing happens; this tells them apart. Confined to one thread.
 */
final class ApiServerLiveness {
  private final ApiClient question;
  private final Executor thread;
  private final Duration every;
  private final Duration patience;
  private Instant asked = Instant.EPOCH;
  private Instant answered = Instant.EPOCH;
  private boolean asking;

  ApiServerLiveness(ApiClient question, Executor thread, KubeSettings settings) {
    this.question = question;
    this.thread = thread;
    this.every = settings.grace();
    this.patience = settings.grace().multipliedBy(2).plus(settings.timeout());
  }

  /** Asks again when it is time. */
  void tick(Instant now) {
    if (asking || now.isBefore(asked.plus(every))) {
      return;
    }
    asking = true;
    asked = now;
    question
        .answers()
        .whenCompleteAsync(
            (alive, error) -> {
              asking = false;
              answered = Boolean.TRUE.equals(alive) ? now : answered;
            },
            thread);
  }

  /** The clock was set back: when it answered last is not known. */
  void setBack() {
    asked = Instant.EPOCH;
    answered = Instant.EPOCH;
  }

  /** Whether it answered lately. */
  boolean beats(Instant now) {
    return now.isBefore(answered.plus(patience));
  }
}
