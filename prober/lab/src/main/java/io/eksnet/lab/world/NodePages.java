package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Eni;
import io.eksnet.lab.cluster.Ground;
import io.eksnet.lab.cluster.Ipamd;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Pod;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.function.BiConsumer;

/** Small pages: the agents' health, the address managers of the nodes, the Pod Identity agent. */
@SuppressWarnings("FutureReturnValueIgnored") // A client that left gets no answer.
final class NodePages implements Part {
  private static final int ENIS_MAX = 3;

  private final Ground ground;
  private final Closers<Door, HttpServer> servers;
  private volatile ClusterState state = ClusterState.EMPTY;

  private enum What {
    HEALTH,
    IPAMD,
    IDENTITY
  }

  private record Door(What what, String address, int port) {}

  NodePages(Vertx vertx, Ground ground) {
    this.ground = ground;
    this.servers =
        new Closers<>(
            door ->
                vertx
                    .createHttpServer()
                    .requestHandler(request -> answer(door, request))
                    .listen(door.port(), door.address())
                    .await(),
            server -> server.close().await());
  }

  @Override
  public void follow(ClusterState next) {
    state = next;
    var wanted = new HashSet<Door>();
    for (var pod : next.all(Pod.class)) {
      if (pod.listens()
          && pod.program().kind() == Pod.Program.Kind.HEALTH
          && !pod.program().fault().equals("refuse")) {
        wanted.add(new Door(What.HEALTH, pod.ip(), ground.health()));
      }
    }
    // The nodes stay instances with an address manager where a story calls them Fargate.
    for (var node : next.all(Node.class)) {
      if (!node.computeType().equals("auto") && ipamd(next, node).up()) {
        wanted.add(new Door(What.IPAMD, node.address(), ground.ipamd()));
      }
    }
    if (next.all(Pod.class).stream().anyMatch(NodePages::isIdentityAgent)) {
      wanted.add(new Door(What.IDENTITY, ground.identityAddress(), ground.identity()));
    }
    servers.follow(wanted);
  }

  @Override
  public void close() {
    servers.close();
  }

  private static boolean isIdentityAgent(Pod pod) {
    return pod.ready()
        && pod.labels().getOrDefault("app.kubernetes.io/name", "").equals("eks-pod-identity-agent");
  }

  private void answer(Door door, HttpServerRequest request) {
    switch (door.what()) {
      case HEALTH -> health(door, request);
      case IPAMD -> request.response().end(metrics(door.address()));
      case IDENTITY ->
          request
              .response()
              .setStatusCode(request.path().matches("/(healthz|readyz)") ? 200 : 400)
              .end("Service account token cannot be empty\n");
    }
  }

  private void health(Door door, HttpServerRequest request) {
    boolean broken =
        state.all(Pod.class).stream()
            .anyMatch(
                pod -> pod.ip().equals(door.address()) && !pod.program().fault().equals("none"));
    request.response().setStatusCode(broken ? 503 : 200).end(broken ? "unwell\n" : "ok\n");
  }

  private static Ipamd ipamd(ClusterState state, Node node) {
    return state.find(Ipamd.class, node.name()).orElse(Ipamd.well(node.name()));
  }

  /** As amazon-vpc-cni-k8s exports them at :61678. */
  private String metrics(String address) {
    var node = state.all(Node.class).stream().filter(n -> n.address().equals(address)).findFirst();
    if (node.isEmpty()) {
      return "";
    }
    var enis =
        state.all(Eni.class).stream()
            .filter(eni -> eni.instanceId().equals(node.get().instanceId()))
            .toList();
    // The first address of an interface is its own.
    long total =
        enis.stream().mapToLong(e -> e.addresses().size() - 1 + 16L * e.prefixes().size()).sum();
    long assigned =
        state.all(Pod.class).stream()
            .filter(pod -> pod.node().equals(node.get().name()))
            .filter(pod -> !pod.hostNetwork() && !pod.ip().isEmpty())
            .count();
    var ipamd = ipamd(state, node.get());
    var page = new StringBuilder();
    BiConsumer<String, Long> line =
        (name, value) -> page.append(name).append(' ').append(value).append('\n');
    page.append("# TYPE awscni_eni_allocated gauge\n");
    line.accept("awscni_eni_allocated", (long) enis.size());
    page.append("# TYPE awscni_eni_max gauge\n");
    line.accept("awscni_eni_max", (long) ENIS_MAX);
    page.append("# TYPE awscni_total_ip_addresses gauge\n");
    line.accept("awscni_total_ip_addresses", total);
    page.append("# TYPE awscni_assigned_ip_addresses gauge\n");
    line.accept("awscni_assigned_ip_addresses", assigned);
    page.append("# TYPE awscni_no_available_ip_addresses counter\n");
    line.accept("awscni_no_available_ip_addresses", ipamd.noAddress());
    page.append("# TYPE awscni_aws_api_error_count counter\n");
    ipamd
        .apiErrors()
        .forEach(
            (what, count) -> {
              var words = what.split(" ", 2);
              line.accept(
                  "awscni_aws_api_error_count{api=\""
                      + words[0]
                      + "\",error=\""
                      + words[words.length - 1]
                      + "\"}",
                  count);
            });
    return page.toString();
  }
}
