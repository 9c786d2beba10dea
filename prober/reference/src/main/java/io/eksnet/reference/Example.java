package io.eksnet.reference;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.SettingKey;
import io.eksnet.config.SettingType;
import io.eksnet.model.KindSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A config with one probe of a kind, made of the examples of its settings; the reader accepts it.
 */
final class Example {
  private Example() {}

  /** Empty if the kind shows no target. */
  static String of(KindSpec<?> kind) {
    if (kind.exampleTarget().isEmpty()) {
      return "";
    }
    var lines = new ArrayList<String>();
    lines.add("probes:");
    lines.add("  - name: my-" + kind.name());
    lines.add("    kind: " + kind.name());
    lines.add("    targets: [\"" + kind.exampleTarget() + "\"]");
    var keys = SettingKey.of(kind.settings()).stream();
    var requiredFirst = Comparator.comparing((SettingKey key) -> !key.setting().required());
    keys.sorted(requiredFirst).forEach(key -> addIfAccepted(lines, example(key, 4), kind));
    return String.join("\n", lines) + "\n";
  }

  /** Settings that exclude each other cannot all be shown: the first one is. */
  private static void addIfAccepted(List<String> lines, List<String> more, KindSpec<?> kind) {
    var longer = new ArrayList<>(lines);
    longer.addAll(more);
    var reading = ConfigReader.read(String.join("\n", longer), Map.of(kind.name(), kind));
    if (reading instanceof ConfigResult.Valid) {
      lines.addAll(more);
    }
  }

  private static List<String> example(SettingKey key, int indent) {
    var space = " ".repeat(indent);
    if (!key.setting().example().isEmpty()) {
      return List.of(space + key.name() + ": " + key.setting().example());
    }
    var inner = new ArrayList<String>();
    if (key.type() instanceof SettingType.Group) {
      key.inner().forEach(k -> inner.addAll(example(k, indent + 2)));
    }
    if (!inner.isEmpty()) {
      inner.add(0, space + key.name() + ":");
    }
    return inner;
  }
}
