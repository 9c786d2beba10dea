package io.eksnet.model.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Instances that are unhealthy by design. With {@code externalTrafficPolicy: Local}, health checks
 * ask kube-proxy at {@code /healthz} of the health-check node port, which responds 503 on nodes
 * without a ready pod of the Service, so that they get no traffic (Kubernetes, "Using Source IP").
 */
public final class LocalTrafficPolicy {
  private LocalTrafficPolicy() {}

  /**
   * Whether a target is unhealthy because its node has no ready pod.
   *
   * @param service behind the target group; empty if unknown
   * @param instanceIds of nodes, by node name
   */
  public static boolean isUnhealthyByDesign(
      TargetHealth target,
      TargetGroup group,
      Optional<KubeService> service,
      Map<String, String> instanceIds) {
    return target.state().equals("unhealthy")
        && asksKubeProxy(group, service)
        && (target.description().contains("[503]")
            || !hasReadyPod(target, service.flatMap(KubeService::endpoints), instanceIds));
  }

  private static boolean asksKubeProxy(TargetGroup group, Optional<KubeService> service) {
    var check = group.healthCheck();
    return group.targetType().equals("instance")
        && check.path().equals("/healthz")
        && check.port().matches("\\d+")
        && service.map(KubeService::ports).orElse(List.of()).stream()
            .noneMatch(port -> check.port().equals(Integer.toString(port.nodePort())));
  }

  private static boolean hasReadyPod(
      TargetHealth target, Optional<List<Endpoint>> endpoints, Map<String, String> instanceIds) {
    return endpoints.orElse(List.of()).stream()
        .filter(endpoint -> endpoint.ready() && !endpoint.terminating())
        .anyMatch(endpoint -> target.id().equals(instanceIds.getOrDefault(endpoint.node(), "")));
  }
}
