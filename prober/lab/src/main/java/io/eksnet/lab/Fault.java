package io.eksnet.lab;

import java.util.Locale;

/** A fault of a server; each server has an enum of them. */
public interface Fault {
  /** The name of the enum constant. */
  String name();

  /** A short description for people. */
  String meaning();

  /** The name in forms and URLs: {@code drop_first}. */
  default String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
