package io.eksnet.inventory.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides who leads, from what was observed of a Lease and when. Times written in the Lease are
 * never compared with a local clock, so the clocks of two machines need not agree: a standby waits
 * for the whole lease duration after it observed the last change, and a leader counts from before
 * its last renewal was sent.
 *
 * @param identity of this process; no other process and no earlier run has the same
 * @param leaseDuration how long a standby waits for a leader that does not renew
 * @param renewDeadline how long a leader leads after its last renewal; shorter than the lease
 *     duration, so that it has stepped down before another takes over
 */
public record LeasePolicy(String identity, Duration leaseDuration, Duration renewDeadline) {
  /** The defaults of {@code leaderelection} in client-go. */
  public static LeasePolicy of(String identity) {
    return new LeasePolicy(identity, Duration.ofSeconds(15), Duration.ofSeconds(10));
  }

  public LeasePolicy {
    if (identity.isEmpty()) {
      throw new IllegalArgumentException("identity must not be empty");
    }
    if (renewDeadline.compareTo(leaseDuration) >= 0) {
      throw new IllegalArgumentException(
          "renewDeadline (%s) must be shorter than the lease (%s)"
              .formatted(renewDeadline, leaseDuration));
    }
  }

  /**
   * Both clocks of a machine at one moment. The wall clock can be set, and the monotonic clock may
   * stand still while the machine is suspended, so neither is used alone.
   */
  public record ClockReading(Instant wall, long nanos) {
    public static ClockReading now() {
      return new ClockReading(Instant.now(), System.nanoTime());
    }

    Duration minElapsed(ClockReading earlier) {
      var wallTime = Duration.between(earlier.wall, wall);
      var monotonic = Duration.ofNanos(nanos - earlier.nanos);
      return wallTime.compareTo(monotonic) < 0 ? wallTime : monotonic;
    }

    Duration maxElapsed(ClockReading earlier) {
      var wallTime = Duration.between(earlier.wall, wall);
      var monotonic = Duration.ofNanos(nanos - earlier.nanos);
      return wallTime.compareTo(monotonic) > 0 ? wallTime : monotonic;
    }
  }

  /**
   * The content of a Lease.
   *
   * @param holder empty: it was released
   * @param version changes with every write
   */
  record LeaseContent(String holder, String version, Duration duration, int transitions) {}

  /** The next action of the elector. */
  enum Step {
    /** There is no Lease. */
    CREATE,
    /** The Lease was released or has expired. */
    ACQUIRE,
    /** This process holds the Lease. */
    RENEW,
    /** Another process leads. */
    WAIT
  }

  /**
   * What is known of the Lease.
   *
   * @param lease empty: there is none
   * @param since when this content was first observed
   * @param renewed taken before the last successful renewal was sent; empty: not leading
   */
  record LeaseState(
      Optional<LeaseContent> lease, ClockReading since, Optional<ClockReading> renewed) {
    /** Before the first read. */
    static LeaseState unknown(ClockReading now) {
      return new LeaseState(Optional.empty(), now, Optional.empty());
    }
  }

  /** The state after a read that ended at {@code now}. */
  LeaseState onRead(LeaseState before, Optional<LeaseContent> lease, ClockReading now) {
    var held = lease.filter(l -> l.holder().equals(identity)).isPresent();
    return new LeaseState(
        lease,
        lease.equals(before.lease()) ? before.since() : now,
        held ? before.renewed() : Optional.empty());
  }

  /** The state after this process wrote the Lease, in a request sent after {@code sent}. */
  LeaseState onWritten(LeaseContent lease, ClockReading sent) {
    return new LeaseState(Optional.of(lease), sent, Optional.of(sent));
  }

  Step nextStep(LeaseState state, ClockReading now) {
    if (state.lease().isEmpty()) {
      return Step.CREATE;
    }
    var lease = state.lease().get();
    if (lease.holder().equals(identity)) {
      return Step.RENEW;
    }
    return lease.holder().isEmpty() || isExpired(state, lease, now) ? Step.ACQUIRE : Step.WAIT;
  }

  boolean isLeader(LeaseState state, ClockReading now) {
    return state
        .renewed()
        .filter(renewed -> now.maxElapsed(renewed).compareTo(renewDeadline) < 0)
        .isPresent();
  }

  private boolean isExpired(LeaseState state, LeaseContent lease, ClockReading now) {
    var duration = lease.duration().compareTo(leaseDuration) > 0 ? lease.duration() : leaseDuration;
    return now.minElapsed(state.since()).compareTo(duration) >= 0;
  }
}
