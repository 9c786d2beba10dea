package io.eksnet.reference;

import io.eksnet.config.Key;
import io.eksnet.config.Shape;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys of the config as a table, those within a value under their dotted path. */
final class KeyTable {
  private KeyTable() {}

  static String markdown(List<Key> keys) {
    return keys.stream()
        .flatMap(key -> rows("", key))
        .collect(
            Collectors.joining("", "| key | type | default | meaning |\n|---|---|---|---|\n", ""));
  }

  /** Only the keys themselves. */
  static String flat(List<Key> keys) {
    return keys.stream()
        .map(key -> row(key.name(), key))
        .collect(
            Collectors.joining("", "| key | type | default | meaning |\n|---|---|---|---|\n", ""));
  }

  private static Stream<String> rows(String prefix, Key key) {
    var path = prefix + key.name();
    var inner = path + (key.shape() instanceof Shape.Sequence ? "[]." : ".");
    return Stream.concat(
        Stream.of(row(path, key)), key.inner().stream().flatMap(k -> rows(inner, k)));
  }

  private static String row(String path, Key key) {
    return "| %s | %s | %s | %s |\n"
        .formatted(code(path), cell(key.type()), cell(standard(key)), cell(meaning(key)));
  }

  private static String standard(Key key) {
    if (key.setting().required()) {
      return "required";
    }
    if (!key.setting().fallback().isEmpty()) {
      return code(key.setting().fallback());
    }
    if (key.shape() instanceof Shape.Sequence) {
      return code("[]");
    }
    if (key.shape().equals(new Shape.Scalar(String.class))) {
      return code("\"\"");
    }
    return key.shape() instanceof Shape.Table ? code("{}") : "–";
  }

  static String meaning(Key key) {
    var setting = key.setting();
    return setting.value()
        + (setting.restart() ? " *Needs a restart.*" : "")
        + (setting.example().isEmpty() ? "" : " Example: " + code(setting.example()) + ".");
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
