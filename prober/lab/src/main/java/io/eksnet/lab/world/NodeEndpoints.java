package io.eksnet.lab.world;

import io.eksnet.lab.cluster.AwsResource.Eni;
import io.eksnet.lab.cluster.Behavior.Ipamd;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.KubeResource.Pod.Program;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.cluster.NodePort;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Map;

/**
 * The health endpoints of agents, ipamd's metrics and kube-proxy's health-check node ports on
 * nodes, and the Pod Identity agent.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A closed connection needs no response.
final class NodeEndpoints implements ServerGroup {
  private static final int MAX_ENIS = 3;

  private final LabNetwork network;
  private final ServerPool<Endpoint, HttpServer> servers;
  private volatile ClusterState state = ClusterState.EMPTY;

  private enum Role {
    HEALTH,
    NODE_PORT_HEALTH,
    IPAMD,
    IDENTITY
  }

  private record Endpoint(Role role, String address, int port) {}

  NodeEndpoints(Vertx vertx, LabNetwork network) {
    this.network = network;
    this.servers =
        new ServerPool<>(
            endpoint ->
                vertx
                    .createHttpServer()
                    .requestHandler(request -> respond(endpoint, request))
                    .listen(endpoint.port(), endpoint.address())
                    .await(),
            server -> server.close().await());
  }

  @Override
  public void update(ClusterState next) {
    state = next;
    var wanted = new HashSet<Endpoint>();
    for (var pod : next.all(Pod.class)) {
      if (pod.runs(Program.Kind.HEALTH) && !pod.program().fault().equals("refuse")) {
        wanted.add(new Endpoint(Role.HEALTH, pod.ip(), network.health()));
      }
    }
    // Nodes keep ipamd where a scenario turns them into Fargate nodes.
    for (var node : next.all(Node.class)) {
      if (!node.computeType().equals("auto") && ipamd(next, node).up()) {
        wanted.add(new Endpoint(Role.IPAMD, node.address(), network.ipamd()));
      }
    }
    for (var nodePort : NodePort.in(next)) {
      if (nodePort.healthCheck()) {
        wanted.add(new Endpoint(Role.NODE_PORT_HEALTH, nodePort.node().address(), nodePort.port()));
      }
    }
    if (next.all(Pod.class).stream().anyMatch(NodeEndpoints::isReadyIdentityAgent)) {
      wanted.add(new Endpoint(Role.IDENTITY, network.identityAddress(), network.identity()));
    }
    servers.update(wanted);
  }

  @Override
  public void close() {
    servers.close();
  }

  private static boolean isReadyIdentityAgent(Pod pod) {
    return pod.ready() && pod.matches(Map.of("app.kubernetes.io/name", "eks-pod-identity-agent"));
  }

  private void respond(Endpoint endpoint, HttpServerRequest request) {
    switch (endpoint.role()) {
      case HEALTH -> {
        boolean faulty =
            state.all(Pod.class).stream()
                .filter(pod -> pod.ip().equals(endpoint.address()))
                .anyMatch(pod -> !pod.program().fault().equals("none"));
        request.response().setStatusCode(faulty ? 503 : 200).end(faulty ? "unhealthy\n" : "ok\n");
      }
      case NODE_PORT_HEALTH -> request.response().setStatusCode(healthCheck(endpoint)).end("{}");
      case IPAMD -> request.response().end(metrics(endpoint.address()));
      case IDENTITY ->
          request
              .response()
              .setStatusCode(request.path().matches("/(healthz|readyz)") ? 200 : 400)
              .end("Service account token cannot be empty\n");
    }
  }

  private int healthCheck(Endpoint endpoint) {
    return NodePort.in(state).stream()
            .filter(one -> one.node().address().equals(endpoint.address()))
            .filter(one -> one.port() == endpoint.port())
            .anyMatch(one -> one.hasReadyPod(state))
        ? 200
        : 503;
  }

  private static Ipamd ipamd(ClusterState state, Node node) {
    return state
        .find(Ipamd.class, node.name())
        .orElseGet(() -> new Ipamd(node.name(), true, 0, Map.of()));
  }

  /** The metrics of amazon-vpc-cni-k8s. */
  private String metrics(String address) {
    var found =
        state.all(Node.class).stream().filter(node -> node.address().equals(address)).findFirst();
    if (found.isEmpty()) {
      return "";
    }
    var node = found.get();
    var enis =
        state.all(Eni.class).stream()
            .filter(eni -> eni.instanceId().equals(node.instanceId()))
            .toList();
    // Pods do not get the first address of an interface.
    long total =
        enis.stream().mapToLong(e -> e.addresses().size() - 1 + 16L * e.prefixes().size()).sum();
    long assigned =
        state.all(Pod.class).stream()
            .filter(pod -> pod.node().equals(node.name()))
            .filter(pod -> !pod.hostNetwork() && !pod.ip().isEmpty())
            .count();
    var ipamd = ipamd(state, node);
    var text =
        new StringBuilder(
            """
            # TYPE awscni_eni_allocated gauge
            awscni_eni_allocated %d
            # TYPE awscni_eni_max gauge
            awscni_eni_max %d
            # TYPE awscni_total_ip_addresses gauge
            awscni_total_ip_addresses %d
            # TYPE awscni_assigned_ip_addresses gauge
            awscni_assigned_ip_addresses %d
            # TYPE awscni_no_available_ip_addresses counter
            awscni_no_available_ip_addresses %d
            # TYPE awscni_aws_api_error_count counter
            """
                .formatted(enis.size(), MAX_ENIS, total, assigned, ipamd.noAddress()));
    ipamd
        .apiErrors()
        .forEach(
            (name, count) -> {
              var parts = name.split(" ", 2);
              text.append(
                  "awscni_aws_api_error_count{api=\"%s\",error=\"%s\"} %d\n"
                      .formatted(parts[0], parts[parts.length - 1], count));
            });
    return text.toString();
  }
}
