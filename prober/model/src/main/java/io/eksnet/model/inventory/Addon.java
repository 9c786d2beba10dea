package io.eksnet.model.inventory;

import java.util.List;

/** An EKS add-on. */
public record Addon(String name, List<Issue> issues) {
  public Addon {
    issues = List.copyOf(issues);
  }
}
