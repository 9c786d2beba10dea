package io.eksnet.model;

import java.util.Locale;

/** An enum whose constants appear in metric labels and in JSON. */
public interface Labelled {
  String name();

  /** The value in metric labels and in JSON: the name in lower case, unless the enum differs. */
  default String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
