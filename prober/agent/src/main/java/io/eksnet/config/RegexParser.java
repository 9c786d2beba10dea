package io.eksnet.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Regular expressions of the config, in the syntax of RE2: a search takes time linear in the length
 * of the text, so that neither a pattern nor a response of a server can block the event loop.
 */
public final class RegexParser {
  private static final int MAX_LENGTH = 1024;

  private RegexParser() {}

  /**
   * Compiles {@code source}.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  public static Pattern parse(String source) {
    if (source.isEmpty() || source.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          ErrorText.quote(source)
              + " has "
              + source.length()
              + " characters; a regular expression has 1 to "
              + MAX_LENGTH);
    }
    try {
      return Pattern.compile(source);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "\"" + source + "\" is not a regular expression: " + e.getDescription() + remedy(source),
          e);
    }
  }

  /** RE2 calls these constructs invalid without saying that they do not exist. */
  private static String remedy(String source) {
    if (source.contains("(?=") || source.contains("(?!") || source.contains("(?<")) {
      return "; RE2 has no lookahead or lookbehind, match the surrounding text instead";
    }
    if (Pattern.compile("\\\\[1-9k]").matcher(source).find()) {
      return "; RE2 has no backreferences, repeat the expression instead";
    }
    return "; see https://github.com/google/re2/wiki/Syntax";
  }
}
