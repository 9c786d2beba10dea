package io.eksnet.config;

import io.eksnet.core.Regex;
import java.nio.file.Path;
import java.time.Duration;

/** What a type of single values is called when speaking to people. */
final class TypeWords {
  private TypeWords() {}

  static String scalar(Class<?> type) {
    if (type == boolean.class) {
      return "true or false";
    } else if (type == int.class || type == long.class) {
      return "a whole number";
    } else if (type == double.class) {
      return "a number";
    } else if (type == Duration.class) {
      return "a duration such as 10s";
    } else if (type == Path.class) {
      return "the path of a file";
    } else if (type == Regex.class) {
      return "a regular expression";
    }
    return type.isEnum() ? "one of " + String.join(", ", Words.of(type)) : "text";
  }
}
