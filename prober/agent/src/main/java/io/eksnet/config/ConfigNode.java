package io.eksnet.config;

import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A value in a config file.
 *
 * @param path the keys that lead to it; empty for the root
 */
record ConfigNode(ConfigSource source, Node yaml, String path) {
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

  ConfigNode child(String key, Node value) {
    var segment = PLAIN_KEY.matcher(key).matches() ? key : ErrorText.quote(key);
    return new ConfigNode(source, value, path.isEmpty() ? segment : path + "." + segment);
  }

  ConfigNode element(int index, Node value) {
    return new ConfigNode(source, value, path + "[" + index + "]");
  }

  /** The same path, at another node: that of a key. */
  ConfigNode at(Node key) {
    return new ConfigNode(source, key, path);
  }

  Location location() {
    return yaml.getStartMark()
        .map(mark -> new Location(source.name(), mark.getLine() + 1, mark.getColumn() + 1, path))
        .orElseGet(() -> new Location(source.name(), 1, 1, path));
  }

  /** Whether no value is written, or {@code null}. */
  boolean isNull() {
    return yaml instanceof ScalarNode scalar
        && scalar.isPlain()
        && switch (scalar.getValue()) {
          case "", "~", "null", "Null", "NULL" -> true;
          default -> false;
        };
  }

  /** The value in a message. */
  String describe() {
    if (yaml instanceof ScalarNode scalar) {
      return isNull() ? "null" : ErrorText.quote(scalar.getValue());
    } else if (yaml instanceof SequenceNode) {
      return "a list";
    }
    return yaml instanceof MappingNode ? "a mapping" : "this value";
  }
}
