package io.eksnet.fact.api;

import io.eksnet.core.inventory.Lack;

/** A part could not be read. */
public final class FactFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Lack lack;

  public FactFailure(Lack.Why why, String detail) {
    super(why.label() + ": " + detail, null, false, false);
    lack = new Lack(why, detail);
  }

  /** Why. */
  public Lack lack() {
    return lack;
  }
}
