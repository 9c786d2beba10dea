package io.eksnet.model.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Service with its endpoints.
 *
 * @param type {@code ClusterIP}, {@code NodePort}, {@code LoadBalancer} or {@code ExternalName}
 * @param clusterIps none when it is headless
 * @param addresses host names or addresses of its load balancer
 * @param annotations those of eksnet and of load balancers only
 * @param local the traffic that goes only to pods on the node where it arrives
 * @param endpoints empty Optional: they are not known
 * @param reconcile the last reconcile of its load balancer, if there was an event about it
 */
public record KubeService(
    String namespace,
    String name,
    String type,
    List<String> clusterIps,
    List<ServicePort> ports,
    List<String> addresses,
    Map<String, String> annotations,
    Set<TrafficSource> local,
    Optional<List<Endpoint>> endpoints,
    Optional<Reconcile> reconcile) {
  public KubeService {
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
    addresses = List.copyOf(addresses);
    annotations = Map.copyOf(annotations);
    local = Set.copyOf(local);
    endpoints = endpoints.map(List::copyOf);
  }
}
