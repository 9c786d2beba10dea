package io.eksnet.model.inventory;

import java.util.List;
import java.util.Optional;

/**
 * An EKS add-on.
 *
 * @param status such as {@code ACTIVE} or {@code DEGRADED} (EKS API Reference, "Addon"); empty in
 *     evidence of older versions
 * @param version such as {@code v1.11.4-eksbuild.2}; empty in evidence of older versions
 */
public record Addon(
    String name, Optional<String> status, Optional<String> version, List<Issue> issues) {
  public Addon {
    issues = List.copyOf(issues);
  }
}
