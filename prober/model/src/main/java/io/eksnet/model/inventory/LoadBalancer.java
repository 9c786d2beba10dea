package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A load balancer of the cluster.
 *
 * @param type {@code application} or {@code network}
 * @param state {@code provisioning}, {@code active}, {@code active_impaired} or {@code failed}
 * @param subnets its subnets by zone
 */
public record LoadBalancer(
    String arn,
    String name,
    String dnsName,
    String type,
    Scheme scheme,
    String state,
    String stateReason,
    String vpcId,
    Map<String, String> subnets,
    List<String> securityGroups,
    List<Listener> listeners,
    Instant created) {
  /** Where it listens; {@code protocol} is HTTP, HTTPS, TCP, TLS, UDP, … */
  public record Listener(int port, String protocol) {}

  public LoadBalancer {
    subnets = Map.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
    listeners = List.copyOf(listeners);
  }
}
