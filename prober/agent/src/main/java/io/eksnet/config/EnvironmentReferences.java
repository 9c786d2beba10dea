package io.eksnet.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** References to environment variables in values of the config: {@code ${env:NAME}}. */
final class EnvironmentReferences {
  /** {@code $$} makes the reference literal. */
  private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{env:([^}]*)}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private EnvironmentReferences() {}

  /**
   * Replaces each reference by the value of the variable. Other text with {@code $} is not changed.
   *
   * @throws IllegalArgumentException if a variable is not set, or a reference has no valid name
   */
  static String expand(String text, Map<String, String> environment) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1).isEmpty()
                        ? value(match.group(2), environment)
                        : match.group().substring(1)));
  }

  /** Text that {@link #expand} turns into {@code text}. */
  static String escape(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement("$" + match.group()));
  }

  private static String value(String name, Map<String, String> environment) {
    var reference = ErrorText.quote("${env:" + name + "}");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          reference
              + " does not name an environment variable; use letters, digits and underscores, or"
              + " write $$ for a literal $");
    }
    var value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          reference + " is not set in the environment; set the variable or write the value");
    }
    return value;
  }
}
