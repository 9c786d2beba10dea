package io.eksnet.model.inventory;

import java.util.List;

/**
 * A target group.
 *
 * @param targetType {@code ip}, {@code instance}, {@code alb} or {@code lambda}
 * @param protocolVersion {@code HTTP1}, {@code HTTP2}, {@code GRPC} or empty
 */
public record TargetGroup(
    String arn,
    String name,
    String protocol,
    String protocolVersion,
    int port,
    String targetType,
    List<String> loadBalancerArns,
    HealthCheck healthCheck) {
  public TargetGroup {
    loadBalancerArns = List.copyOf(loadBalancerArns);
  }
}
