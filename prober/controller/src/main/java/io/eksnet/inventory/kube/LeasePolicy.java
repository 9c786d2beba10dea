package io.eksnet.inventory.kube;

import java.time.Duration;
import java.util.Optional;

/**
 * Who leads, decided from what was seen of a Lease and when. The times written in the Lease are
 * never compared with a clock here: a follower waits for its whole length from the moment at which
 * it saw the last change, a leader counts from before its last renewal was sent, so clocks of two
 * machines need not agree.
 *
 * @param me who this process is, unlike any other and any earlier run
 * @param length how long the others wait for a leader that no longer renews
 * @param deadline how long a leader leads after its last renewal; shorter than the length, so that
 *     it has stepped down before another can take over
 */
public record LeasePolicy(String me, Duration length, Duration deadline) {
  /** As in {@code leader-election} of client-go. */
  public static LeasePolicy of(String me) {
    return new LeasePolicy(me, Duration.ofSeconds(15), Duration.ofSeconds(10));
  }

  public LeasePolicy {
    if (me.isEmpty()) {
      throw new IllegalArgumentException("who holds a lease has a name");
    }
    if (deadline.compareTo(length) >= 0) {
      throw new IllegalArgumentException(
          "the deadline (" + deadline + ") must be shorter than the lease (" + length + ")");
    }
  }

  /**
   * A Lease as it was seen.
   *
   * @param holder empty: it was given back
   * @param version changes with every write
   */
  public record Seen(String holder, String version, Duration length, int transitions) {}

  /** What to do next. */
  public enum Step {
    /** There is no Lease: make one. */
    CREATE,
    /** It is nobody's, or its holder is gone: take it. */
    TAKE,
    /** It is ours: renew it. */
    RENEW,
    /** Another leads. */
    WAIT
  }

  /**
   * What is known.
   *
   * @param seen the Lease; empty: there is none
   * @param since when this state of it was seen first
   * @param renewed before the last renewal that succeeded; empty: not leading
   */
  public record Standing(Optional<Seen> seen, Moment since, Optional<Moment> renewed) {
    /** Before the first look. */
    public static Standing at(Moment now) {
      return new Standing(Optional.empty(), now, Optional.empty());
    }
  }

  /** After a look that ended at {@code now}. */
  public Standing saw(Standing before, Optional<Seen> lease, Moment now) {
    var mine = lease.filter(seen -> seen.holder().equals(me)).isPresent();
    return new Standing(
        lease,
        lease.equals(before.seen()) ? before.since() : now,
        mine ? before.renewed() : Optional.empty());
  }

  /** After a write that made the Lease ours and was sent at {@code began} or later. */
  public Standing wrote(Seen lease, Moment began) {
    return new Standing(Optional.of(lease), began, Optional.of(began));
  }

  /** What to do at {@code now}. */
  public Step next(Standing standing, Moment now) {
    if (standing.seen().isEmpty()) {
      return Step.CREATE;
    }
    var lease = standing.seen().get();
    if (lease.holder().equals(me)) {
      return Step.RENEW;
    }
    return lease.holder().isEmpty() || expired(standing, lease, now) ? Step.TAKE : Step.WAIT;
  }

  /** Whether this process leads at {@code now}. */
  public boolean leads(Standing standing, Moment now) {
    return standing
        .renewed()
        .filter(renewed -> now.atMostSince(renewed).compareTo(deadline) < 0)
        .isPresent();
  }

  private boolean expired(Standing standing, Seen lease, Moment now) {
    var longest = lease.length().compareTo(length) > 0 ? lease.length() : length;
    return now.atLeastSince(standing.since()).compareTo(longest) >= 0;
  }
}
