package io.eksnet.bench;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what comes later; a bench has the time. */
final class Waiting {
  private static final int TIMEOUT_SECONDS = 90;

  private Waiting() {}

  static <T> T on(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  static void until(String what, BooleanSupplier holds) throws InterruptedException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + TIMEOUT_SECONDS + " s: " + what);
      }
      Thread.sleep(50);
    }
  }
}
