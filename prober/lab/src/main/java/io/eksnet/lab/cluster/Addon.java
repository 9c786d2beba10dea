package io.eksnet.lab.cluster;

import java.util.List;

/** An EKS add-on. */
public record Addon(String name, String version, String status, List<Issue> issues)
    implements Item {

  public Addon {
    issues = List.copyOf(issues);
  }

  @Override
  public String key() {
    return name;
  }

  public Addon withStatus(String next) {
    return new Addon(name, version, next, issues);
  }

  public Addon withIssues(List<Issue> next) {
    return new Addon(name, version, status, next);
  }
}
