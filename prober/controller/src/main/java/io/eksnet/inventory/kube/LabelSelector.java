package io.eksnet.inventory.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A label selector of a custom resource (Kubernetes, "Labels and Selectors"). */
final class LabelSelector {
  /** Selects everything, as an empty selector does. */
  static final LabelSelector ALL = new LabelSelector(List.of());

  private final List<Predicate<Map<String, String>>> requirements;

  private LabelSelector(List<Predicate<Map<String, String>>> requirements) {
    this.requirements = List.copyOf(requirements);
  }

  /** From its fields {@code matchLabels} and {@code matchExpressions}; empty if it is invalid. */
  static Optional<LabelSelector> of(Map<?, ?> selector) {
    var requirements = new ArrayList<Predicate<Map<String, String>>>();
    if (selector.get("matchLabels") instanceof Map<?, ?> labels) {
      labels.forEach(
          (name, value) -> requirements.add(all -> String.valueOf(value).equals(all.get(name))));
    }
    if (selector.get("matchExpressions") instanceof List<?> expressions) {
      for (var expression : expressions) {
        var requirement =
            expression instanceof Map<?, ?> fields
                ? requirement(fields)
                : Optional.<Predicate<Map<String, String>>>empty();
        if (requirement.isEmpty()) {
          return Optional.empty();
        }
        requirements.add(requirement.get());
      }
    }
    return Optional.of(new LabelSelector(requirements));
  }

  /** Whether an object with these labels is selected. */
  boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(requirement -> requirement.test(labels));
  }

  private static Optional<Predicate<Map<String, String>>> requirement(Map<?, ?> expression) {
    if (!(expression.get("key") instanceof String key)) {
      return Optional.empty();
    }
    List<?> values = expression.get("values") instanceof List<?> list ? list : List.of();
    return switch (String.valueOf(expression.get("operator"))) {
      case "In" ->
          Optional.of(labels -> labels.containsKey(key) && values.contains(labels.get(key)));
      // an object without the label is selected
      case "NotIn" ->
          Optional.of(labels -> !labels.containsKey(key) || !values.contains(labels.get(key)));
      case "Exists" -> Optional.of(labels -> labels.containsKey(key));
      case "DoesNotExist" -> Optional.of(labels -> !labels.containsKey(key));
      default -> Optional.empty();
    };
  }
}
