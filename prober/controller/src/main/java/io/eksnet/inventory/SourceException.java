package io.eksnet.inventory;

import io.eksnet.model.inventory.Unavailable;

/** A part could not be read. */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Unavailable lack;

  public SourceException(Unavailable.Reason why, String detail) {
    super(why.label() + ": " + detail, null, false, false);
    lack = new Unavailable(why, detail);
  }

  /** Why. */
  public Unavailable lack() {
    return lack;
  }
}
