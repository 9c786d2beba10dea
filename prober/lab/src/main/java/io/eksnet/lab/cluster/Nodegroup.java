package io.eksnet.lab.cluster;

import java.util.List;

/** A managed node group. */
public record Nodegroup(String name, String status, List<String> subnetIds, List<Issue> issues)
    implements Item {

  public Nodegroup {
    subnetIds = List.copyOf(subnetIds);
    issues = List.copyOf(issues);
  }

  @Override
  public String key() {
    return name;
  }

  public Nodegroup withStatus(String next) {
    return new Nodegroup(name, next, subnetIds, issues);
  }

  public Nodegroup withIssues(List<Issue> next) {
    return new Nodegroup(name, status, subnetIds, next);
  }
}
