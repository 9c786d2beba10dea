package io.eksnet.model.inventory;

import static io.eksnet.model.inventory.Unavailable.Why.ERROR;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a source said last, and how old that is. Never an empty value for what could not be read.
 *
 * @param value what it said; empty: not known
 * @param at when it said so; meaningless without a value
 * @param every how often it is asked
 * @param lack why the last attempt to read failed; empty: it did not
 */
public record Snapshot<T>(
    Optional<T> value, Instant at, Duration every, Optional<Unavailable> lack) {
  private static final int INTERVALS = 3;

  public Snapshot {
    if (value.isEmpty() && lack.isEmpty()) {
      throw new IllegalArgumentException("what is not known lacks something");
    }
  }

  /** A source that was never read. */
  public static <T> Snapshot<T> notYet(Duration every) {
    return new Snapshot<>(Optional.empty(), Instant.EPOCH, every, Optional.of(Unavailable.NOT_YET));
  }

  /** What a source says at {@code at}. */
  public static <T> Snapshot<T> of(T value, Instant at, Duration every) {
    return new Snapshot<>(Optional.of(value), at, every, Optional.empty());
  }

  /** The same after an attempt to read that failed: the last value stays. */
  public Snapshot<T> after(Unavailable failure) {
    return new Snapshot<>(value, at, every, Optional.of(failure));
  }

  /**
   * What may still be believed at {@code now}: a value leaves when it is 3 intervals old, or as far
   * in the future, which is when the clock was set back and nobody knows how old it is.
   */
  public Snapshot<T> at(Instant now) {
    return value.isEmpty() || near(now)
        ? this
        : new Snapshot<>(
            Optional.empty(),
            at,
            every,
            lack.or(() -> Optional.of(new Unavailable(ERROR, "stale"))));
  }

  private boolean near(Instant now) {
    return Duration.between(at, now).abs().compareTo(every.multipliedBy(INTERVALS)) < 0;
  }

  /** Whether the value is there and the last attempt to read succeeded. */
  public boolean fresh() {
    return value.isPresent() && lack.isEmpty();
  }
}
