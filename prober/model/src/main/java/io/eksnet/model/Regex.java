package io.eksnet.model;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression as a value: compiled once, equal by its source. A search reads a number of
 * characters that is bounded by the length of the text, so that no pattern and no answer of a
 * server can hold the event loop.
 */
public final class Regex {
  private static final int LONGEST_SOURCE = 1024;
  private static final long FEWEST_STEPS = 4_000_000;

  /** Enough for a pattern that does not backtrack; of 64 MiB it still takes under a second. */
  private static final long STEPS_PER_CHARACTER = 4;

  /**
   * Each alternative reads a character: so many are tried at each place, as far as that is soon.
   */
  private static final long ALTERNATIVES = 32;

  private static final long SOON = 64_000_000;

  private final String source;
  private final Pattern pattern;

  private Regex(String source, Pattern pattern) {
    this.source = source;
    this.pattern = pattern;
  }

  /**
   * Compiles {@code source} in the syntax of {@link Pattern}.
   *
   * @throws IllegalArgumentException with what is wrong and where
   */
  public static Regex of(String source) {
    if (source.isEmpty() || source.length() > LONGEST_SOURCE) {
      throw new IllegalArgumentException(
          "a pattern has 1 to " + LONGEST_SOURCE + " characters, not " + source.length());
    }
    try {
      return new Regex(source, Pattern.compile(source));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the pattern \"" + source + "\" is not a regular expression: " + place(e), e);
    }
  }

  /** The expression as it was written. */
  public String source() {
    return source;
  }

  /**
   * Whether the expression matches anywhere in {@code text}; false also when the search was given
   * up.
   */
  public boolean found(CharSequence text) {
    return search(text) == Search.FOUND;
  }

  /**
   * Whether the expression matches nowhere in {@code text}; false also when the search was given
   * up.
   */
  public boolean absent(CharSequence text) {
    return search(text) == Search.ABSENT;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Regex other && source.equals(other.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }

  /** How a search ended. */
  public enum Search {
    /** With a match. */
    FOUND,
    /** Without a match, after the whole text. */
    ABSENT,
    /** Before it was known. */
    GIVEN_UP
  }

  /** Looks for a match anywhere in {@code text}. */
  public Search search(CharSequence text) {
    try {
      return pattern.matcher(new Metered(text)).find() ? Search.FOUND : Search.ABSENT;
    } catch (TooManySteps | StackOverflowError e) {
      return Search.GIVEN_UP;
    }
  }

  private static long steps(long length) {
    var soon = Math.min(ALTERNATIVES * length, SOON);
    return Math.max(FEWEST_STEPS, Math.max(soon, STEPS_PER_CHARACTER * length));
  }

  private static String place(PatternSyntaxException e) {
    var what = e.getDescription();
    return e.getIndex() < 0 ? what : what + " at character " + (e.getIndex() + 1);
  }

  /** A text that may be read only so often: backtracking shows as reading again and again. */
  private static final class Metered implements CharSequence {
    private final CharSequence text;
    private long left;

    Metered(CharSequence text) {
      this.text = text;
      this.left = steps(text.length());
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private static final class TooManySteps extends RuntimeException {
    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }
}
