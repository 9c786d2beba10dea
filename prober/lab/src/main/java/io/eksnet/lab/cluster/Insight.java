package io.eksnet.lab.cluster;

/** What EKS Insights found. */
public record Insight(String id, String name, String category, String status, String reason)
    implements Item {

  @Override
  public String key() {
    return id;
  }
}
