package io.eksnet.model.inventory;

import java.util.List;
import java.util.Optional;

/**
 * A condition of an object.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 */
public record Condition(String type, String status, String reason, String message) {
  /** Whether it is {@code False}; {@code Unknown} is not. */
  public boolean isFalse() {
    return status.equals("False");
  }

  public boolean isTrue() {
    return status.equals("True");
  }

  /** The condition of a type. */
  public static Optional<Condition> of(String type, List<Condition> conditions) {
    return conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }
}
