package io.eksnet.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The entries of one mapping by key. The first of several equal keys counts. */
final class YamlMapping {
  private final ConfigNode node;
  private final Map<String, ConfigNode> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /** Problems with keys are in {@link #problems()}. */
  YamlMapping(ConfigNode node, MappingNode mapping) {
    this.node = node;
    mapping.getValue().forEach(this::add);
  }

  /** The mapping itself. */
  ConfigNode node() {
    return node;
  }

  /** Keys that are no text or not unique. */
  List<Problem> problems() {
    return problems;
  }

  Map<String, ConfigNode> values() {
    return values;
  }

  Optional<ConfigNode> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /**
   * Adds the entries of another file.
   *
   * @param listKey the key that both may have; it stays that of this file
   * @return a problem for each other key that both have
   */
  List<Problem> addAll(YamlMapping other, String listKey) {
    var duplicates = new ArrayList<Problem>();
    other.values.forEach(
        (key, value) -> {
          var first = values.putIfAbsent(key, value);
          if (first != null && !key.equals(listKey)) {
            duplicates.add(
                new Problem(
                    other.node.at(Objects.requireNonNull(other.keys.get(key))).location(),
                    "%s is set in %s:%d already; keep it in one file"
                        .formatted(
                            ErrorText.quote(key),
                            first.location().file(),
                            first.location().line())));
          }
        });
    return duplicates;
  }

  /** Where an error of {@code key} is reported: at its value, or at the mapping if it has none. */
  Location locationOf(String key) {
    var value = values.get(key);
    if (value != null) {
      return value.location();
    }
    var dot = key.indexOf('.');
    var outer = dot < 0 ? null : values.get(key.substring(0, dot));
    if (outer != null && outer.yaml() instanceof MappingNode mapping) {
      return new YamlMapping(outer, mapping).locationOf(key.substring(dot + 1));
    }
    return (outer == null ? node : outer).child(key, node.yaml()).location();
  }

  /** Problems for the keys that are not in {@code known}. */
  List<Problem> unknownKeys(Collection<String> known) {
    return keys.entrySet().stream()
        .filter(entry -> !known.contains(entry.getKey()))
        .map(
            entry ->
                new Problem(node.at(entry.getValue()).location(), unknown(entry.getKey(), known)))
        .toList();
  }

  private static String unknown(String key, Collection<String> known) {
    return key.equals("<<")
        ? "merge keys (<<) are not part of YAML 1.2; repeat the keys"
        : "unknown key " + ErrorText.quote(key) + ErrorText.suggest(key, known);
  }

  private void add(NodeTuple tuple) {
    var keyNode = tuple.getKeyNode();
    if (!(keyNode instanceof ScalarNode scalar)) {
      problems.add(
          new Problem(node.at(keyNode).location(), "a key is text, not a list or a mapping"));
      return;
    }
    var key = scalar.getValue();
    var first = keys.get(key);
    if (first != null) {
      problems.add(
          new Problem(
              node.at(keyNode).location(),
              "duplicate key "
                  + ErrorText.quote(key)
                  + ", first in line "
                  + node.at(first).location().line()
                  + "; remove one of them"));
      return;
    }
    keys.put(key, keyNode);
    values.put(key, node.child(key, tuple.getValueNode()));
  }
}
