package io.eksnet.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The entries of one mapping by their keys, each key once. */
final class Fields {
  private final Place place;
  private final Map<String, Place> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();

  private Fields(Place place) {
    this.place = place;
  }

  static Fields of(MappingNode node, Place place, Problems problems) {
    var fields = new Fields(place);
    node.getValue().forEach(tuple -> fields.add(tuple, problems));
    return fields;
  }

  /** The mapping itself. */
  Place place() {
    return place;
  }

  Map<String, Place> values() {
    return values;
  }

  Optional<Place> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** The place a message speaks of: that of the key it starts with, else the mapping. */
  Place placeOf(String message) {
    var word = message.split("[^a-z0-9_]", 2)[0];
    return value(word).orElse(place);
  }

  void refuseUnknown(Collection<String> known, Problems problems) {
    keys.forEach(
        (key, node) -> {
          if (!known.contains(key)) {
            problems.add(new Place(node, place.path()), unknown(key, known));
          }
        });
  }

  private static String unknown(String key, Collection<String> known) {
    return key.equals("<<")
        ? "merge keys (<<) are not part of YAML 1.2; write the keys out"
        : "unknown key " + Quoted.of(key) + Words.meant(key, known);
  }

  private void add(NodeTuple tuple, Problems problems) {
    var keyNode = tuple.getKeyNode();
    if (!(keyNode instanceof ScalarNode scalar)) {
      problems.add(new Place(keyNode, place.path()), "a key must be a word, not a list or mapping");
      return;
    }
    var key = scalar.getValue();
    var before = keys.get(key);
    if (before != null) {
      problems.add(
          new Place(keyNode, place.path()),
          "duplicate key "
              + Quoted.of(key)
              + "; it stands in line "
              + new Place(before, "").line()
              + " already");
      return;
    }
    keys.put(key, keyNode);
    values.put(key, place.key(key, tuple.getValueNode()));
  }
}
