package io.eksnet.inventory;

import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;
import java.util.Optional;

/** A resource of the inventory could not be read. */
public class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Unavailable lack;
  private final transient Optional<Instant> goodUntil;

  public SourceException(Unavailable.Reason why, String detail) {
    this(new Unavailable(why, detail), Optional.empty());
  }

  /**
   * A source that learns only now that its last values may have been old.
   *
   * @param goodUntil when they were last known to be right; empty: when they were read
   */
  public SourceException(Unavailable lack, Optional<Instant> goodUntil) {
    super(lack.reason().label() + ": " + lack.detail(), null, false, false);
    this.lack = lack;
    this.goodUntil = goodUntil;
  }

  /** Why it is unavailable. */
  public Unavailable lack() {
    return lack;
  }

  /** When the last values were known to be right; empty: when they were read. */
  public Optional<Instant> goodUntil() {
    return goodUntil;
  }
}
