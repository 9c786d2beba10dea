package io.eksnet.inventory.kube;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Texts of others: absent ones are empty, long ones are cut. */
final class Texts {
  private static final int MESSAGE = 500;

  private Texts() {}

  /** The text, or an empty one. */
  static String of(@Nullable String text) {
    return Optional.ofNullable(text).orElse("");
  }

  /** A message for people, of a bounded length. */
  static String message(@Nullable String text) {
    return cut(of(text).strip(), MESSAGE);
  }

  /** At most {@code longest} characters of it. */
  static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
  }
}
