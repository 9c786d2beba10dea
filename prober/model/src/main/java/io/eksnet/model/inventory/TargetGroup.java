package io.eksnet.model.inventory;

import java.util.List;
import java.util.Optional;

/**
 * A target group.
 *
 * @param targetType {@code ip}, {@code instance}, {@code alb} or {@code lambda}
 * @param protocolVersion {@code HTTP1}, {@code HTTP2}, {@code GRPC} or empty
 * @param preservesClientIp whether targets see the addresses of clients (attribute {@code
 *     preserve_client_ip.enabled}); empty if unknown, and for application load balancers, which
 *     never preserve them
 */
public record TargetGroup(
    String arn,
    String name,
    String protocol,
    String protocolVersion,
    int port,
    String targetType,
    List<String> loadBalancerArns,
    HealthCheck healthCheck,
    Optional<Boolean> preservesClientIp) {
  public TargetGroup {
    loadBalancerArns = List.copyOf(loadBalancerArns);
  }

  /** The same with this attribute. */
  public TargetGroup withPreservesClientIp(boolean preserves) {
    return new TargetGroup(
        arn,
        name,
        protocol,
        protocolVersion,
        port,
        targetType,
        loadBalancerArns,
        healthCheck,
        Optional.of(preserves));
  }
}
