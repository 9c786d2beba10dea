package io.eksnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits until something is so, and not for ever. */
public final class Awaiting {
  private Awaiting() {}

  /** Within 20 s, or the last value is what the failure shows. */
  public static <T> void becomes(Callable<T> value, T wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!wanted.equals(value.call()) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(value.call()).isEqualTo(wanted);
  }
}
