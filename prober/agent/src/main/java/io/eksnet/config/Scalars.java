package io.eksnet.config;

import com.google.re2j.Pattern;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Single values from their words; what is wrong is an {@link IllegalArgumentException}. */
final class Scalars {
  private Scalars() {}

  static Object parse(ScalarNode node, Class<?> type, Setting setting, Path directory) {
    var text = node.getValue();
    if (type == String.class) {
      return string(text, setting);
    } else if (type == boolean.class) {
      return flag(plain(node, "true or false"));
    } else if (type == int.class) {
      return whole(plain(node, "a whole number"), setting, Integer::valueOf);
    } else if (type == long.class) {
      return whole(plain(node, "a whole number"), setting, Long::valueOf);
    } else if (type == double.class) {
      return fraction(plain(node, "a number"), setting);
    } else if (type == Duration.class) {
      return duration(text, setting);
    } else if (type == Path.class) {
      return file(text, directory);
    }
    return type == Pattern.class ? RegexParser.parse(text) : constant(text, type);
  }

  private static String string(String text, Setting setting) {
    var words = Arrays.asList(setting.oneOf());
    if (!words.isEmpty() && !words.contains(text)) {
      throw new IllegalArgumentException(
          "must be one of " + String.join(", ", words) + ", not " + Quoted.of(text));
    }
    requireWithin(text.length(), setting, Quoted.of(text), n -> Bounds.number(n) + " characters");
    return text;
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException("must be true or false, not " + Quoted.of(text));
    };
  }

  private static <N extends Number> N whole(
      String text, Setting setting, Function<String, N> parse) {
    if (!text.matches("[-+]?[0-9]{1,30}")) {
      throw new IllegalArgumentException("must be a whole number, not " + Quoted.of(text));
    }
    requireWithin(Double.parseDouble(text), setting, text, Bounds::number);
    try {
      return parse.apply(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a smaller whole number, not " + text, e);
    }
  }

  private static double fraction(String text, Setting setting) {
    if (!text.matches("[-+]?[0-9]{1,15}(\\.[0-9]{1,15})?([eE][-+]?[0-9]{1,2})?")) {
      throw new IllegalArgumentException("must be a number, not " + Quoted.of(text));
    }
    var number = Double.parseDouble(text);
    requireWithin(number, setting, text, Bounds::number);
    return number;
  }

  private static Duration duration(String text, Setting setting) {
    var duration = Durations.parse(text);
    requireWithin(duration.toMillis() / 1e3, setting, text, Bounds::duration);
    return duration;
  }

  private static Path file(String text, Path directory) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("must be the path of a file, not \"\"");
    }
    try {
      return directory.resolve(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "must be the path of a file, not " + Quoted.of(text) + ": " + e.getReason(), e);
    }
  }

  private static Object constant(String text, Class<?> type) {
    var words = Words.of(type);
    var index = words.indexOf(text);
    if (index < 0) {
      throw new IllegalArgumentException(
          "must be one of " + String.join(", ", words) + ", not " + Quoted.of(text));
    }
    return Objects.requireNonNull(type.getEnumConstants())[index];
  }

  private static String plain(ScalarNode node, String what) {
    if (!node.isPlain()) {
      throw new IllegalArgumentException(
          "must be "
              + what
              + ", not the text "
              + Quoted.of(node.getValue())
              + "; remove the quotes");
    }
    return node.getValue();
  }

  private static void requireWithin(
      double value, Setting setting, String shown, Function<Double, String> unit) {
    if (value < setting.min() || value > setting.max()) {
      throw new IllegalArgumentException(
          "must be " + Bounds.text(setting, unit) + ", not " + shown);
    }
  }
}
