package io.eksnet.reference;

import io.eksnet.config.SettingKey;
import io.eksnet.config.SettingType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys of the config as a table, those within a value under their dotted path. */
final class KeyTable {
  private KeyTable() {}

  static String markdown(List<SettingKey> keys) {
    return keys.stream()
        .flatMap(key -> rows("", key))
        .collect(
            Collectors.joining("", "| key | type | default | meaning |\n|---|---|---|---|\n", ""));
  }

  /** Only the keys themselves. */
  static String flat(List<SettingKey> keys) {
    return keys.stream()
        .map(key -> row(key.name(), key))
        .collect(
            Collectors.joining("", "| key | type | default | meaning |\n|---|---|---|---|\n", ""));
  }

  private static Stream<String> rows(String prefix, SettingKey key) {
    var path = prefix + key.name();
    var inner =
        path
            + (key.type() instanceof SettingType.Sequence
                ? "[]."
                : key.type() instanceof SettingType.Table ? ".NAME." : ".");
    return Stream.concat(
        Stream.of(row(path, key)), key.inner().stream().flatMap(k -> rows(inner, k)));
  }

  private static String row(String path, SettingKey key) {
    return "| %s | %s | %s | %s |\n"
        .formatted(
            code(path), cell(key.describeType()), cell(defaultValue(key)), cell(meaning(key)));
  }

  private static String defaultValue(SettingKey key) {
    if (key.setting().required()) {
      return "required";
    }
    if (!key.fallback().isEmpty()) {
      return code(key.fallback());
    }
    if (key.type() instanceof SettingType.Sequence) {
      return code("[]");
    }
    if (key.type().equals(new SettingType.Scalar(String.class))) {
      return code("\"\"");
    }
    return key.type() instanceof SettingType.Table ? code("{}") : "–";
  }

  static String meaning(SettingKey key) {
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
