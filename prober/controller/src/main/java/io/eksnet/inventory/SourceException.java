package io.eksnet.inventory;

import io.eksnet.model.inventory.Unavailable;

/** A resource of the inventory could not be read. */
public class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Unavailable lack;

  public SourceException(Unavailable.Reason why, String detail) {
    this(new Unavailable(why, detail));
  }

  private SourceException(Unavailable lack) {
    super(lack.reason().label() + ": " + lack.detail(), null, false, false);
    this.lack = lack;
  }

  /** Why it is unavailable. */
  public Unavailable lack() {
    return lack;
  }
}
