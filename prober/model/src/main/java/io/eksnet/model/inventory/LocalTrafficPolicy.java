package io.eksnet.model.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Nodes that get no traffic by design. With {@code externalTrafficPolicy: Local}, a node without a
 * ready pod of the Service gets none from outside: kube-proxy drops packets to its node port, and
 * responds 503 at {@code /healthz} of the health-check node port, which Services of type
 * LoadBalancer have. With {@code internalTrafficPolicy: Local}, kube-proxy drops packets from such
 * a node to the cluster IP (Kubernetes, "Using Source IP" and "Virtual IPs and Service Proxies").
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
    if (!target.state().equals("unhealthy") || !group.targetType().equals("instance")) {
      return false;
    }
    var asksKubeProxy = asksKubeProxy(group, service);
    return (asksKubeProxy && target.description().contains("[503]"))
        || ((asksKubeProxy || service.filter(LocalTrafficPolicy::isLocal).isPresent())
            && !hasReadyPod(target.id(), service, instanceIds));
  }

  /** Whether its node ports lead only to pods on the node where a connection arrives. */
  public static boolean isLocal(KubeService service) {
    return service.local().contains(TrafficSource.EXTERNAL);
  }

  /** Whether its cluster IP leads only to pods on the node of the client. */
  public static boolean isLocalInside(KubeService service) {
    return service.local().contains(TrafficSource.INTERNAL);
  }

  /** The nodes with a ready pod of the Service; none while its endpoints are unknown. */
  public static Set<String> nodesWithReadyPod(KubeService service) {
    return service.endpoints().orElse(List.of()).stream()
        .filter(endpoint -> endpoint.ready() && !endpoint.terminating())
        .map(Endpoint::node)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a ready pod of the Service runs on this instance.
   *
   * @param instanceIds of nodes, by node name
   */
  public static boolean hasReadyPod(
      String instanceId, Optional<KubeService> service, Map<String, String> instanceIds) {
    return service.map(LocalTrafficPolicy::nodesWithReadyPod).orElse(Set.of()).stream()
        .anyMatch(node -> instanceId.equals(instanceIds.getOrDefault(node, "")));
  }

  private static boolean asksKubeProxy(TargetGroup group, Optional<KubeService> service) {
    var check = group.healthCheck();
    return check.path().equals("/healthz")
        && check.port().matches("\\d+")
        && service.map(KubeService::ports).orElse(List.of()).stream()
            .noneMatch(port -> check.port().equals(Integer.toString(port.nodePort())));
  }
}
