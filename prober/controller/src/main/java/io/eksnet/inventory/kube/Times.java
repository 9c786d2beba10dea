package io.eksnet.inventory.kube;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Times as the API server writes them. */
final class Times {
  private Times() {}

  /** The moment in {@code 2026-01-02T03:04:05Z}, or {@code otherwise}. */
  static Instant of(@Nullable String text, Instant otherwise) {
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return otherwise;
    }
  }
}
