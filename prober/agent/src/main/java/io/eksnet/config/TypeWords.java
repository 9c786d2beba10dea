package io.eksnet.config;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    } else if (type == Pattern.class) {
      return "a regular expression";
    }
    return type.isEnum() ? "one of " + String.join(", ", Words.of(type)) : "text";
  }

  /** The type of a key with its bounds, such as {@code whole number, 1 to 10}. */
  static String of(Key key) {
    var words = one(key.shape(), key.setting());
    return key.shape() instanceof Shape.Maybe && !key.setting().fallback().isEmpty()
        ? words + ", or `null`"
        : words;
  }

  private static String one(Shape shape, Setting setting) {
    if (shape instanceof Shape.Scalar scalar) {
      return single(scalar.type(), setting);
    }
    if (shape instanceof Shape.Maybe maybe) {
      return one(maybe.of(), setting);
    }
    if (shape instanceof Shape.Sequence sequence) {
      return "list of " + many(sequence.of(), setting) + (sequence.distinct() ? ", each once" : "");
    }
    if (shape instanceof Shape.Table table) {
      return "mapping of names to " + many(table.of(), setting);
    }
    return "mapping";
  }

  private static String many(Shape shape, Setting setting) {
    if (shape instanceof Shape.Group) {
      return "mappings";
    }
    return switch (one(shape, setting)) {
      case "duration" -> "durations";
      case "whole number" -> "whole numbers";
      case "regular expression" -> "regular expressions";
      case "file" -> "files";
      default -> one(shape, setting);
    };
  }

  private static String single(Class<?> type, Setting setting) {
    if (type.isEnum()) {
      return words(Words.of(type));
    } else if (setting.oneOf().length > 0) {
      return words(List.of(setting.oneOf()));
    } else if (type == Duration.class) {
      return bounded("duration", setting, Bounds::duration);
    } else if (type == String.class) {
      return bounded("text", setting, n -> Bounds.number(n) + " characters");
    } else if (type == Path.class) {
      return "file";
    }
    var article = scalar(type);
    return bounded(
        article.startsWith("a ") ? article.substring(2) : article, setting, Bounds::number);
  }

  private static String bounded(String type, Setting setting, Function<Double, String> unit) {
    return Bounds.exist(setting) ? type + ", " + Bounds.text(setting, unit) : type;
  }

  private static String words(List<String> words) {
    return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }
}
