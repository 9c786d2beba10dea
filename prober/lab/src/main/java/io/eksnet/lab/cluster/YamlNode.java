package io.eksnet.lab.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** A node of a YAML file that knows its line. All scalars are text. */
public record YamlNode(String file, Node node) {
  private static final int MAX_CODE_POINTS = 256 * 1024;

  /**
   * Parses a document.
   *
   * @throws IllegalArgumentException with the file and the line
   */
  public static YamlNode parse(String file, String text) {
    var settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new FailsafeSchema())
            .setCodePointLimit(MAX_CODE_POINTS)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      return new Compose(settings)
          .composeString(text)
          .map(node -> new YamlNode(file, node))
          .orElseThrow(() -> new IllegalArgumentException(file + ": the file is empty"));
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(file + ": not YAML: " + e.getMessage(), e);
    }
  }

  /** An error at this node. */
  public IllegalArgumentException error(String message) {
    var line = node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    return new IllegalArgumentException(file + line + ": " + message);
  }

  /** The fields of a mapping that has no others than the known ones; {@code type} is its name. */
  public Map<String, YamlNode> fields(String type, Set<String> known) {
    var fields = entries();
    fields.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            throw value.error(
                "unknown key \"" + key + "\" of " + type + NearestName.suggest(key, known));
          }
        });
    return fields;
  }

  /** A field that must be present. */
  public YamlNode required(Map<String, YamlNode> fields, String key) {
    var value = fields.get(key);
    if (value == null) {
      throw error("\"" + key + "\" is missing");
    }
    return value;
  }

  /** The entries of a mapping with any keys. */
  public Map<String, YamlNode> entries() {
    if (!(node instanceof MappingNode mapping)) {
      throw error("must be a mapping, key: value");
    }
    var entries = new LinkedHashMap<String, YamlNode>();
    for (var entry : mapping.getValue()) {
      var key = new YamlNode(file, entry.getKeyNode());
      if (entries.put(key.text(), new YamlNode(file, entry.getValueNode())) != null) {
        throw key.error("duplicate key \"" + key.text() + "\"");
      }
    }
    return entries;
  }

  /** The elements of a list. */
  public List<YamlNode> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw error("must be a list");
    }
    var elements = new ArrayList<YamlNode>();
    sequence.getValue().forEach(element -> elements.add(new YamlNode(file, element)));
    return elements;
  }

  /** The text of a scalar. */
  public String text() {
    if (!(node instanceof ScalarNode scalar)) {
      throw error("must be a single value");
    }
    return scalar.getValue();
  }

  /** A duration such as {@code 30s} or {@code 5m}. */
  public Duration duration() {
    return TimeParser.parseDuration(text())
        .orElseThrow(
            () -> error("\"" + text() + "\" is not a duration; add a unit, such as 30s or 5m"));
  }

  boolean has(String key) {
    return isMapping() && entries().containsKey(key);
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Whether it is an unquoted {@code null}. */
  boolean isNull() {
    return node instanceof ScalarNode scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && (scalar.getValue().equals("null") || scalar.getValue().equals("~"));
  }

  /** The value of a field, or this node if it has no such field. */
  YamlNode orField(@Nullable String key) {
    return key != null && has(key) ? required(entries(), key) : this;
  }

  /** An element of a list, or this node if it has no such element. */
  YamlNode orElement(int index) {
    return isList() && index < list().size() ? list().get(index) : this;
  }
}
