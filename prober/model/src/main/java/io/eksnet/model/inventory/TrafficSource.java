package io.eksnet.model.inventory;

/**
 * Where the clients of a Service are. Each has a traffic policy of its own (Kubernetes, "Virtual
 * IPs and Service Proxies").
 */
public enum TrafficSource {
  /** Clients outside the cluster, at node ports: {@code spec.externalTrafficPolicy}. */
  EXTERNAL,
  /** Pods and nodes, at cluster IPs: {@code spec.internalTrafficPolicy}. */
  INTERNAL
}
