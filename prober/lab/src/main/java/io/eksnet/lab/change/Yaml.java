package io.eksnet.lab.change;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** A piece of a YAML file that knows its line; it has no keys but those that are asked for. */
public record Yaml(String file, Node node) {
  private static final int LONGEST = 256 * 1024;

  /** The one document of {@code text}. */
  public static Yaml of(String file, String text) {
    var settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new FailsafeSchema())
            .setCodePointLimit(LONGEST)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      return new Compose(settings)
          .composeString(text)
          .map(node -> new Yaml(file, node))
          .orElseThrow(() -> new IllegalArgumentException(file + ": says nothing"));
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(file + ": not YAML: " + e.getMessage(), e);
    }
  }

  /** What is wrong here, and in which line. */
  public IllegalArgumentException wrong(String what) {
    var line = node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    return new IllegalArgumentException(file + line + ": " + what);
  }

  /** A mapping with these keys and no others; {@code of} says what it describes. */
  public Map<String, Yaml> keys(String of, Set<String> known) {
    var keys = mapping();
    keys.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            throw value.wrong("unknown key \"" + key + "\" of " + of + Meant.of(key, known));
          }
        });
    return keys;
  }

  /** A mapping with any keys. */
  public Map<String, Yaml> mapping() {
    if (!(node instanceof MappingNode map)) {
      throw wrong("must be a mapping: key: value");
    }
    var entries = new LinkedHashMap<String, Yaml>();
    for (var entry : map.getValue()) {
      var key = new Yaml(file, entry.getKeyNode());
      if (entries.put(key.text(), new Yaml(file, entry.getValueNode())) != null) {
        throw key.wrong("\"" + key.text() + "\" is there twice");
      }
    }
    return entries;
  }

  /** The parts of a list. */
  public List<Yaml> list() {
    if (!(node instanceof SequenceNode list)) {
      throw wrong("must be a list");
    }
    var parts = new ArrayList<Yaml>();
    list.getValue().forEach(part -> parts.add(new Yaml(file, part)));
    return parts;
  }

  /** The texts of a list. */
  public List<String> texts() {
    return list().stream().map(Yaml::text).toList();
  }

  /** A text, number or other word. */
  public String text() {
    if (!(node instanceof ScalarNode scalar)) {
      throw wrong("must be one word or text");
    }
    return scalar.getValue();
  }

  /** Whether it is a mapping that has this key. */
  boolean has(String key) {
    return node instanceof MappingNode && mapping().containsKey(key);
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Whether it is the word {@code null}, not in quotes. */
  boolean isNull() {
    return node instanceof ScalarNode scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && (scalar.getValue().equals("null") || scalar.getValue().equals("~"));
  }
}
