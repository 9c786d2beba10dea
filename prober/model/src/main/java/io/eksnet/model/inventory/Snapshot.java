package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The last value that a source returned, with its age. A source that cannot be read has no value,
 * never an empty one.
 *
 * @param value the last value; empty: not known
 * @param at when it was read; meaningless without a value
 * @param interval how often the source is read
 * @param unavailable why the last read failed; empty: it succeeded
 */
public record Snapshot<T>(
    Optional<T> value,
    Instant at,
    @JsonName("every") Duration interval,
    @JsonName("lack") Optional<Unavailable> unavailable) {
  private static final int STALE_AFTER_INTERVALS = 3;

  public Snapshot {
    if (value.isEmpty() && unavailable.isEmpty()) {
      throw new IllegalArgumentException("a snapshot without a value needs a reason for it");
    }
  }

  /** A source that was never read. */
  public static <T> Snapshot<T> notYet(Duration interval) {
    return new Snapshot<>(
        Optional.empty(), Instant.EPOCH, interval, Optional.of(Unavailable.NOT_YET));
  }

  /** A value that was read at {@code at}. */
  public static <T> Snapshot<T> of(T value, Instant at, Duration interval) {
    return new Snapshot<>(Optional.of(value), at, interval, Optional.empty());
  }

  /** The same after a failed read: the last value stays. */
  public Snapshot<T> after(Unavailable failure) {
    return new Snapshot<>(value, at, interval, Optional.of(failure));
  }

  /** The same if the value turns out to be of an earlier time than that of its read. */
  public Snapshot<T> goodUntil(Instant earlier) {
    return earlier.isBefore(at) ? new Snapshot<>(value, earlier, interval, unavailable) : this;
  }

  /**
   * The same without a value that is stale at {@code now}: 3 intervals old, or that far in the
   * future, as after the clock was set back, when its age is unknown.
   */
  public Snapshot<T> ifFresh(Instant now) {
    return value.isEmpty() || isRecent(now)
        ? this
        : new Snapshot<>(
            Optional.empty(),
            at,
            interval,
            unavailable.or(() -> Optional.of(new Unavailable(Unavailable.Reason.ERROR, "stale"))));
  }

  private boolean isRecent(Instant now) {
    var staleAfter = interval.multipliedBy(STALE_AFTER_INTERVALS);
    return Duration.between(at, now).abs().compareTo(staleAfter) < 0;
  }

  /** Whether there is a value and the last read succeeded. */
  public boolean fresh() {
    return value.isPresent() && unavailable.isEmpty();
  }
}
