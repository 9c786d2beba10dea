package io.eksnet.model.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A load balancer of the cluster.
 *
 * @param type {@code application} or {@code network}
 * @param state {@code provisioning}, {@code active}, {@code active_impaired} or {@code failed}
 * @param subnets its subnets by zone
 * @param idleTimeout after which it closes idle connections (attribute {@code
 *     idle_timeout.timeout_seconds} of application load balancers); empty if unknown
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
    Instant created,
    Optional<Duration> idleTimeout) {
  /** Where it listens; {@code protocol} is HTTP, HTTPS, TCP, TLS, UDP, … */
  public record Listener(int port, String protocol) {}

  public LoadBalancer {
    subnets = Map.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
    listeners = List.copyOf(listeners);
  }
}
