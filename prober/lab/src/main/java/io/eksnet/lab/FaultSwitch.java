package io.eksnet.lab;

import java.time.Duration;

/** The current fault and delay of a server. */
final class FaultSwitch<F extends Fault> {
  private volatile F fault;
  private volatile Duration delay = Duration.ofSeconds(1);

  FaultSwitch(F healthy) {
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
