package io.eksnet.reference.alerts;

import io.eksnet.config.YamlValues;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A mapping of a YAML file; what is missing is empty. */
record Tree(Map<String, Object> values) {
  static Tree of(String yaml) {
    return new Tree(YamlValues.of(yaml));
  }

  String text(String key) {
    return values.containsKey(key) ? String.valueOf(values.get(key)) : "";
  }

  Tree tree(String key) {
    return tree(values.getOrDefault(key, Map.of()));
  }

  List<Tree> trees(String key) {
    return list(key).stream().map(Tree::tree).toList();
  }

  List<String> texts(String key) {
    return list(key).stream().map(String::valueOf).toList();
  }

  private List<?> list(String key) {
    return (List<?>) values.getOrDefault(key, List.of());
  }

  private static Tree tree(Object of) {
    return new Tree(
        ((Map<?, ?>) of)
            .entrySet().stream()
                .collect(
                    Collectors.toMap(
                        entry -> String.valueOf(entry.getKey()),
                        entry -> (Object) entry.getValue())));
  }
}
