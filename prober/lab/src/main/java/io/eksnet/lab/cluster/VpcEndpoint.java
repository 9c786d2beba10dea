package io.eksnet.lab.cluster;

import java.util.List;

/**
 * A VPC endpoint.
 *
 * @param service such as {@code sts}
 * @param type {@code Interface} or {@code Gateway}
 */
public record VpcEndpoint(
    String id,
    String service,
    String type,
    String state,
    boolean privateDns,
    List<String> subnetIds,
    List<String> groups)
    implements Item {

  public VpcEndpoint {
    subnetIds = List.copyOf(subnetIds);
    groups = List.copyOf(groups);
  }

  @Override
  public String key() {
    return id;
  }

  public VpcEndpoint withState(String next) {
    return new VpcEndpoint(id, service, type, next, privateDns, subnetIds, groups);
  }

  public VpcEndpoint withPrivateDns(boolean next) {
    return new VpcEndpoint(id, service, type, state, next, subnetIds, groups);
  }
}
