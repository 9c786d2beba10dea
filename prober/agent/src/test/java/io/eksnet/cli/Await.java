package io.eksnet.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for a condition; a timeout reports the state instead. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Await() {}

  public static <T> T until(String what, Duration most, Callable<T> look, Predicate<T> good)
      throws Exception {
    var deadline = System.nanoTime() + most.toNanos();
    T seen = look.call();
    while (!good.test(seen)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited " + most + " for " + what + ", the last state was: " + seen);
      }
      Thread.sleep(PAUSE.toMillis());
      seen = look.call();
    }
    return seen;
  }
}
