package io.eksnet.config;

import java.util.Objects;

/**
 * A value that a settings record refuses. Constructors of settings records, and checks of probe
 * kinds, throw it so that the error is reported at the key itself.
 */
public final class InvalidSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String key;
  private final String problem;

  /**
   * @param key the key of the file, with dots for one within a mapping: {@code expect.body}
   * @param problem the value, the rule that it breaks, and the remedy; without the key
   */
  public InvalidSettingException(String key, String problem) {
    super(key + ": " + problem);
    this.key = Objects.requireNonNull(key);
    this.problem = Objects.requireNonNull(problem);
  }

  /**
   * Runs a check that does not have the name of the key.
   *
   * @throws InvalidSettingException if the check throws an {@link IllegalArgumentException}
   */
  public static void check(String key, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(key, String.valueOf(e.getMessage()));
    }
  }

  /** The key of the file. */
  public String key() {
    return key;
  }

  /** What is wrong, without the key. */
  public String problem() {
    return problem;
  }
}
