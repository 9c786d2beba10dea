package io.eksnet.config;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types of single values: their names, their bounds and how to parse them. */
public final class ScalarType {
  private static final Map<Class<?>, String> NAMES =
      Map.of(
          String.class,
          "text",
          boolean.class,
          "true or false",
          int.class,
          "whole number",
          long.class,
          "whole number",
          double.class,
          "number",
          Duration.class,
          "duration",
          Path.class,
          "file",
          Pattern.class,
          "regular expression");

  private ScalarType() {}

  static boolean isScalar(Class<?> type) {
    return type.isEnum() || NAMES.containsKey(type);
  }

  /** The constants of an enum as written in the file. */
  public static List<String> constants(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants())
        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** With an article, for a message about a missing value. */
  static String name(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + String.join(", ", constants(type));
    }
    var name = Objects.requireNonNull(NAMES.get(type));
    return type == String.class || type == boolean.class ? name : "a " + name;
  }

  /** The type with its bounds for the reference, such as {@code whole number, 1 to 10}. */
  static String describe(Class<?> type, Setting setting) {
    if (type.isEnum() || setting.oneOf().length > 0) {
      var allowed = type.isEnum() ? constants(type) : List.of(setting.oneOf());
      return allowed.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
    var name = Objects.requireNonNull(NAMES.get(type));
    return hasBounds(setting) && type != Path.class ? name + ", " + bounds(type, setting) : name;
  }

  /** Whether the setting has a smallest or a largest value. */
  public static boolean hasBounds(Setting setting) {
    return Double.isFinite(setting.min()) || Double.isFinite(setting.max());
  }

  /** Such as {@code 1 to 10}, {@code at least 1s} or {@code at most 10 characters}. */
  public static String bounds(Class<?> type, Setting setting) {
    var unit = type == String.class ? " characters" : "";
    Function<Double, String> text =
        type == Duration.class
            ? seconds -> Durations.text(Duration.ofMillis(Math.round(seconds * 1e3)))
            : number -> new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
    if (Double.isFinite(setting.min()) && Double.isFinite(setting.max())) {
      return text.apply(setting.min()) + " to " + text.apply(setting.max()) + unit;
    }
    return Double.isFinite(setting.min())
        ? "at least " + text.apply(setting.min()) + unit
        : "at most " + text.apply(setting.max()) + unit;
  }

  /**
   * The value that {@code text} means.
   *
   * @param quoted whether it is in quotes, and so neither a number nor a truth value
   * @param directory where a relative path starts
   * @throws IllegalArgumentException with the value, the rule and the remedy
   */
  static Object parse(String text, boolean quoted, Class<?> type, Setting setting, Path directory) {
    if (quoted && (type == boolean.class || isNumber(type))) {
      throw new IllegalArgumentException(
          ErrorText.quote(text) + " is text, not " + name(type) + "; remove the quotes");
    }
    if (type == String.class) {
      return text(text, setting);
    } else if (type == boolean.class) {
      return truth(text);
    } else if (type == int.class) {
      return whole(text, type, setting, Integer::valueOf);
    } else if (type == long.class) {
      return whole(text, type, setting, Long::valueOf);
    } else if (type == double.class) {
      return fraction(text, setting);
    } else if (type == Duration.class) {
      var duration = Durations.parse(text);
      requireWithin(duration.toMillis() / 1e3, text, type, setting);
      return duration;
    } else if (type == Path.class) {
      return file(text, directory);
    }
    return type == Pattern.class ? RegexParser.parse(text) : constant(text, type);
  }

  private static boolean isNumber(Class<?> type) {
    return type == int.class || type == long.class || type == double.class;
  }

  private static String text(String text, Setting setting) {
    var allowed = Arrays.asList(setting.oneOf());
    if (!allowed.isEmpty() && !allowed.contains(text)) {
      throw notAllowed(text, allowed);
    }
    if (text.length() < setting.min() || text.length() > setting.max()) {
      throw new IllegalArgumentException(
          ErrorText.quote(text)
              + " has "
              + text.length()
              + " characters; use "
              + bounds(String.class, setting));
    }
    return text;
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              ErrorText.quote(text) + " is neither true nor false; write true or false");
    };
  }

  private static <N extends Number> N whole(
      String text, Class<?> type, Setting setting, Function<String, N> parse) {
    if (!text.matches("[-+]?[0-9]{1,30}")) {
      throw notOf(text, type, setting);
    }
    requireWithin(Double.parseDouble(text), text, type, setting);
    try {
      return parse.apply(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + " is too large; use a smaller number", e);
    }
  }

  private static double fraction(String text, Setting setting) {
    if (!text.matches("[-+]?[0-9]{1,15}(\\.[0-9]{1,15})?([eE][-+]?[0-9]{1,2})?")) {
      throw notOf(text, double.class, setting);
    }
    var number = Double.parseDouble(text);
    requireWithin(number, text, double.class, setting);
    return number;
  }

  private static Path file(String text, Path directory) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("\"\" is not the path of a file; write one");
    }
    try {
      return directory.resolve(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          ErrorText.quote(text) + " is not the path of a file: " + e.getReason(), e);
    }
  }

  private static Object constant(String text, Class<?> type) {
    var index = constants(type).indexOf(text);
    if (index < 0) {
      throw notAllowed(text, constants(type));
    }
    return Objects.requireNonNull(type.getEnumConstants())[index];
  }

  private static void requireWithin(double value, String text, Class<?> type, Setting setting) {
    if (value < setting.min() || value > setting.max()) {
      throw new IllegalArgumentException(text + " is out of range; use " + bounds(type, setting));
    }
  }

  private static IllegalArgumentException notAllowed(String text, List<String> allowed) {
    return new IllegalArgumentException(
        ErrorText.quote(text) + " is not allowed; use one of " + String.join(", ", allowed));
  }

  private static IllegalArgumentException notOf(String text, Class<?> type, Setting setting) {
    var remedy = hasBounds(setting) ? "; use " + bounds(type, setting) : "; write one";
    return new IllegalArgumentException(ErrorText.quote(text) + " is not " + name(type) + remedy);
  }
}
