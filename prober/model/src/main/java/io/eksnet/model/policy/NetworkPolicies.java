package io.eksnet.model.policy;

import java.util.List;
import java.util.Map;

/**
 * The NetworkPolicies of a cluster, and what decides whether they allow what agents probe.
 *
 * @param policies by namespace and name
 * @param namespaces labels by namespace
 * @param pods agents, CoreDNS, and pods behind target groups and annotated Services
 */
public record NetworkPolicies(
    PolicyEngine engine,
    List<NetworkPolicy> policies,
    Map<String, Map<String, String>> namespaces,
    List<PodGroup> pods) {
  public NetworkPolicies {
    policies = List.copyOf(policies);
    namespaces = Map.copyOf(namespaces);
    pods = List.copyOf(pods);
  }
}
