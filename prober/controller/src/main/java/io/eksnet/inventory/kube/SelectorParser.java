package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.map;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.policy.LabelSelector;
import io.eksnet.model.policy.LabelSelector.Operator;
import io.eksnet.model.policy.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads label selectors of the API. */
final class SelectorParser {
  private SelectorParser() {}

  /** The selector of a built-in kind; empty if it is invalid. */
  static Optional<LabelSelector> parse(io.fabric8.kubernetes.api.model.LabelSelector selector) {
    var requirements = new ArrayList<Optional<Requirement>>();
    map(selector.getMatchLabels())
        .forEach((name, value) -> requirements.add(Optional.of(equality(name, value))));
    list(selector.getMatchExpressions())
        .forEach(
            expression ->
                requirements.add(
                    requirement(
                        text(expression.getKey()),
                        text(expression.getOperator()),
                        list(expression.getValues()))));
    return selector(requirements);
  }

  /** The selector of a custom resource; empty if it is invalid. */
  static Optional<LabelSelector> parse(Map<?, ?> selector) {
    var requirements = new ArrayList<Optional<Requirement>>();
    if (selector.get("matchLabels") instanceof Map<?, ?> labels) {
      labels.forEach(
          (name, value) ->
              requirements.add(Optional.of(equality(String.valueOf(name), String.valueOf(value)))));
    }
    if (selector.get("matchExpressions") instanceof List<?> expressions) {
      expressions.forEach(
          expression ->
              requirements.add(
                  expression instanceof Map<?, ?> fields ? requirement(fields) : Optional.empty()));
    }
    return selector(requirements);
  }

  private static Optional<Requirement> requirement(Map<?, ?> expression) {
    List<?> values = expression.get("values") instanceof List<?> list ? list : List.of();
    return expression.get("key") instanceof String key
        ? requirement(
            key,
            String.valueOf(expression.get("operator")),
            values.stream().map(String::valueOf).toList())
        : Optional.empty();
  }

  private static Requirement equality(String name, String value) {
    return new Requirement(name, Operator.IN, List.of(text(value)));
  }

  private static Optional<Requirement> requirement(
      String key, String operator, List<String> values) {
    return switch (operator) {
      case "In" -> Optional.of(new Requirement(key, Operator.IN, values));
      case "NotIn" -> Optional.of(new Requirement(key, Operator.NOT_IN, values));
      case "Exists" -> Optional.of(new Requirement(key, Operator.EXISTS, List.of()));
      case "DoesNotExist" -> Optional.of(new Requirement(key, Operator.DOES_NOT_EXIST, List.of()));
      default -> Optional.empty();
    };
  }

  private static Optional<LabelSelector> selector(List<Optional<Requirement>> requirements) {
    return requirements.stream().allMatch(Optional::isPresent)
        ? Optional.of(new LabelSelector(requirements.stream().flatMap(Optional::stream).toList()))
        : Optional.empty();
  }
}
