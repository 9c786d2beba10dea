package io.eksnet.lab;

import java.time.Duration;

/** The fault a service's connections look up whenever they have to act. */
final class Switch<F extends Fault> {
  private volatile F fault;
  private volatile Duration delay = Duration.ofSeconds(1);

  Switch(F healthy) {
    this.fault = healthy;
  }

  F fault() {
    return fault;
  }

  void fault(F next) {
    fault = next;
  }

  Duration delay() {
    return delay;
  }

  void delay(Duration next) {
    if (next.isNegative()) {
      throw new IllegalArgumentException("a delay is 0 or more, not " + next);
    }
    delay = next;
  }
}
