package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an object whose kind is not known at compile time; wrong types are missing. */
record Fields(GenericKubernetesResource object) {
  /** The text at a path, or an empty one. */
  String text(String... path) {
    var value = at(path);
    return value instanceof String || value instanceof Number ? value.toString() : "";
  }

  /** The texts in the list at a path. */
  List<String> texts(String... path) {
    return list(path).stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  /** The objects in the list at a path. */
  List<Map<?, ?>> objects(String... path) {
    return list(path).stream()
        .filter(Map.class::isInstance)
        .<Map<?, ?>>map(entry -> (Map<?, ?>) entry)
        .toList();
  }

  /** Whatever is at a path. */
  @Nullable Object at(String... path) {
    Object value = object.getAdditionalProperties();
    for (var name : path) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /** The text of a field of such an object. */
  static String text(Map<?, ?> map, String name) {
    return map.get(name) instanceof String text ? text : "";
  }

  private List<?> list(String... path) {
    return at(path) instanceof List<?> list ? list : List.of();
  }
}
