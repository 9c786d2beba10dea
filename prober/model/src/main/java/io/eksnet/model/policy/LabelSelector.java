package io.eksnet.model.policy;

import java.util.List;
import java.util.Map;

/**
 * A label selector (Kubernetes, "Labels and Selectors").
 *
 * @param requirements all of which an object must meet; none: every object is selected
 */
public record LabelSelector(List<Requirement> requirements) {
  /** Selects everything, as an empty selector does. */
  public static final LabelSelector ALL = new LabelSelector(List.of());

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** How a label is compared. */
  public enum Operator {
    IN,
    /** An object without the label is selected. */
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /**
   * One requirement.
   *
   * @param values that the label is compared with; none for {@code EXISTS} and {@code
   *     DOES_NOT_EXIST}
   */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    private boolean matches(Map<String, String> labels) {
      var value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }

  /** Whether an object with these labels is selected. */
  public boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }
}
