package io.eksnet.bench;

import java.util.Locale;

/** What is probed, at which rate, and the delay the target puts in. */
enum TargetKind {
  HTTP(1_000, 5),
  HTTPS(500, 5),
  TCP(1_000, 0),
  DNS(1_000, 5);

  /** Probes a second. */
  final int rate;

  /** How long the target waits before it answers, in milliseconds. */
  final int delay;

  TargetKind(int rate, int delay) {
    this.rate = rate;
    this.delay = delay;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static TargetKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
