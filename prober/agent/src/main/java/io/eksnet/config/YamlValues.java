package io.eksnet.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** YAML that no settings record describes: maps, lists, and words as they stand there. */
public final class YamlValues {
  private YamlValues() {}

  /**
   * The mapping that {@code text} is.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Map<String, Object> of(String text) {
    try {
      var root = YamlTree.of(text);
      if (root instanceof MappingNode mapping) {
        return map(mapping);
      }
      throw new IllegalArgumentException("a mapping is asked for, not a " + root.getNodeType());
    } catch (YamlTree.Unreadable e) {
      throw new IllegalArgumentException(e.problem().text(), e);
    }
  }

  private static Map<String, Object> map(MappingNode mapping) {
    var map = new LinkedHashMap<String, Object>();
    for (var entry : mapping.getValue()) {
      map.put(String.valueOf(value(entry.getKeyNode())), value(entry.getValueNode()));
    }
    return map;
  }

  private static Object value(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    } else if (node instanceof SequenceNode sequence) {
      List<Object> list = new ArrayList<>();
      sequence.getValue().forEach(element -> list.add(value(element)));
      return list;
    }
    return map((MappingNode) node);
  }
}
