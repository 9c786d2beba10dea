package io.eksnet.model.inventory;

import java.util.List;
import java.util.Optional;

/**
 * An EKS add-on.
 *
 * @param status such as {@code ACTIVE} or {@code DEGRADED} (EKS API Reference, "Addon"); empty in
 *     evidence of older versions
 */
public record Addon(String name, Optional<String> status, List<Issue> issues) {
  public Addon {
    issues = List.copyOf(issues);
  }
}
