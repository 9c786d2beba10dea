package io.eksnet.inventory.kube;

import java.time.Duration;
import java.time.Instant;

/**
 * A moment on both clocks of a machine. The wall clock can be set and the monotonic one stands
 * still while the machine is suspended, so neither is believed alone.
 */
public record Moment(Instant wall, long nanos) {
  /** How much time has surely passed since {@code earlier}. */
  Duration atLeastSince(Moment earlier) {
    var byWall = Duration.between(earlier.wall, wall);
    var byNanos = Duration.ofNanos(nanos - earlier.nanos);
    return byWall.compareTo(byNanos) < 0 ? byWall : byNanos;
  }

  /** How much time may have passed since {@code earlier}. */
  Duration atMostSince(Moment earlier) {
    var byWall = Duration.between(earlier.wall, wall);
    var byNanos = Duration.ofNanos(nanos - earlier.nanos);
    return byWall.compareTo(byNanos) > 0 ? byWall : byNanos;
  }
}
