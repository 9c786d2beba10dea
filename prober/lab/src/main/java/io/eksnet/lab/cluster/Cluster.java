package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.List;

/**
 * The cluster as EKS describes it.
 *
 * @param supportType {@code STANDARD} or {@code EXTENDED}
 */
public record Cluster(
    String name,
    String region,
    String account,
    String version,
    String status,
    String vpcId,
    List<String> subnetIds,
    String securityGroupId,
    String serviceCidr,
    boolean autoMode,
    String supportType,
    List<Issue> issues,
    Instant created)
    implements Item {

  public Cluster {
    subnetIds = List.copyOf(subnetIds);
    issues = List.copyOf(issues);
  }

  @Override
  public String key() {
    return name;
  }

  /** Its ARN. */
  public String arn() {
    return "arn:aws:eks:" + region + ":" + account + ":cluster/" + name;
  }

  public Cluster withSupportType(String next) {
    return new Cluster(
        name,
        region,
        account,
        version,
        status,
        vpcId,
        subnetIds,
        securityGroupId,
        serviceCidr,
        autoMode,
        next,
        issues,
        created);
  }

  public Cluster withIssues(List<Issue> next) {
    return new Cluster(
        name,
        region,
        account,
        version,
        status,
        vpcId,
        subnetIds,
        securityGroupId,
        serviceCidr,
        autoMode,
        supportType,
        next,
        created);
  }

  public Cluster withAutoMode(boolean next) {
    return new Cluster(
        name,
        region,
        account,
        version,
        status,
        vpcId,
        subnetIds,
        securityGroupId,
        serviceCidr,
        next,
        supportType,
        issues,
        created);
  }

  public Cluster withStatus(String next) {
    return new Cluster(
        name,
        region,
        account,
        version,
        next,
        vpcId,
        subnetIds,
        securityGroupId,
        serviceCidr,
        autoMode,
        supportType,
        issues,
        created);
  }
}
