package io.eksnet.lab.cluster;

import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.KubeResource.Binding;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import java.util.List;
import java.util.stream.Stream;

/**
 * A node port of a Service on one node. Services have those that are in target groups of type
 * {@code instance}.
 *
 * @param servicePort the port of the Service that it leads to
 * @param healthCheck whether kube-proxy itself responds there at {@code /healthz}: 200 if the node
 *     has a ready pod of the Service, else 503
 */
public record NodePort(
    Node node, int port, KubeService service, KubeService.Port servicePort, boolean healthCheck) {
  /** All of them. */
  public static List<NodePort> in(ClusterState state) {
    return state.all(TargetGroup.class).stream()
        .filter(group -> group.targetType().equals("instance"))
        .flatMap(group -> of(group, state))
        .distinct()
        .toList();
  }

  private static Stream<NodePort> of(TargetGroup group, ClusterState state) {
    return state.all(Binding.class).stream()
        .filter(binding -> binding.targetGroupArn().equals(group.arn()))
        .flatMap(
            binding ->
                state
                    .find(KubeService.class, binding.namespace() + "/" + binding.service())
                    .stream()
                    .flatMap(
                        service ->
                            service.ports().stream()
                                .filter(port -> port.port() == binding.port())
                                .flatMap(port -> of(group, service, port, state))));
  }

  private static Stream<NodePort> of(
      TargetGroup group, KubeService service, KubeService.Port servicePort, ClusterState state) {
    return state.all(Node.class).stream()
        .flatMap(
            node ->
                group.targets().stream()
                    .filter(target -> target.id().equals(node.instanceId()))
                    .flatMap(target -> Stream.of(target.port(), group.healthCheck().portOf(target)))
                    .distinct()
                    .map(
                        port ->
                            new NodePort(
                                node,
                                port,
                                service,
                                servicePort,
                                group.targets().stream().noneMatch(t -> t.port() == port))));
  }

  /** Whether connections are dropped where its node has no ready pod. */
  public boolean isLocal() {
    return service.externalTrafficPolicy().equals("Local");
  }

  /** The ready pods that kube-proxy sends its connections to. */
  public List<Pod> backends(ClusterState state) {
    return service.backends(state).stream()
        .filter(Pod::serves)
        .filter(pod -> !isLocal() || pod.node().equals(node.name()))
        .toList();
  }

  /** Whether its node has a ready pod of the Service. */
  public boolean hasReadyPod(ClusterState state) {
    return service.backends(state).stream()
        .anyMatch(pod -> pod.serves() && pod.node().equals(node.name()));
  }
}
