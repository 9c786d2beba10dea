package io.eksnet.reference.alerts;

import io.eksnet.config.YamlParser;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A mapping of a YAML file; what is missing is empty. */
record YamlPath(Map<String, Object> values) {
  static YamlPath of(String yaml) {
    return new YamlPath(YamlParser.parseMap(yaml));
  }

  String text(String key) {
    return values.containsKey(key) ? String.valueOf(values.get(key)) : "";
  }

  YamlPath tree(String key) {
    return tree(values.getOrDefault(key, Map.of()));
  }

  List<YamlPath> trees(String key) {
    return list(key).stream().map(YamlPath::tree).toList();
  }

  List<String> texts(String key) {
    return list(key).stream().map(String::valueOf).toList();
  }

  private List<?> list(String key) {
    return (List<?>) values.getOrDefault(key, List.of());
  }

  private static YamlPath tree(Object of) {
    return new YamlPath(
        ((Map<?, ?>) of)
            .entrySet().stream()
                .collect(
                    Collectors.toMap(
                        entry -> String.valueOf(entry.getKey()),
                        entry -> (Object) entry.getValue())));
  }
}
