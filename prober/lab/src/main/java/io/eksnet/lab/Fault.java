package io.eksnet.lab;

import java.util.Locale;

/** One position of a service's switch; the enums of the services implement it. */
public interface Fault {
  /** The name of the enum constant. */
  String name();

  /** What a client meets, in one clause for people. */
  String meaning();

  /** The name in forms, URLs and on the page: {@code drop_first}. */
  default String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
