package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.TcpServer;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.NodePort;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The cluster IPs and node ports of TCP Services, as kube-proxy implements them: round robin over
 * ready endpoints, and connection refused without any. Without a ready endpoint on their node, node
 * ports of a Service with {@code externalTrafficPolicy: Local} drop connections. With {@code
 * internalTrafficPolicy: Local}, the cluster IP closes connections from addresses of nodes and pods
 * without one. A Service without selector has its endpoint on 127.0.0.1.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails is closed.
final class ServiceProxies implements ServerGroup {
  /** The address of a client that is on no node. */
  private static final String ANYWHERE = "";

  private final NetClient client;
  private final ServerPool<Endpoint, TcpProxy> proxies;
  private final ServerPool<Endpoint, TcpServer> dropping;

  private record Endpoint(String address, int port) {}

  ServiceProxies(Vertx vertx) {
    this.client = vertx.createNetClient();
    this.proxies = new ServerPool<>(endpoint -> new TcpProxy(vertx, endpoint), TcpProxy::close);
    this.dropping = new ServerPool<>(ServiceProxies::drop, TcpServer::close);
  }

  @Override
  public void update(ClusterState state) {
    var wanted = new HashMap<Endpoint, Function<String, List<SocketAddress>>>();
    for (var service : state.all(KubeService.class)) {
      if (!service.clusterIp().equals("None")
          && service.ports().stream().allMatch(port -> port.protocol().equals("TCP"))) {
        for (var port : service.ports()) {
          if (!endpoints(service, port.target(), ANYWHERE, state).isEmpty()) {
            wanted.put(
                new Endpoint(service.clusterIp(), port.port()),
                client -> endpoints(service, port.target(), client, state));
          }
        }
      }
    }
    var dropped = new HashSet<Endpoint>();
    for (var nodePort : NodePort.in(state)) {
      if (nodePort.healthCheck()) {
        continue;
      }
      var endpoint = new Endpoint(nodePort.node().address(), nodePort.port());
      var backends = addresses(nodePort.backends(state), nodePort.servicePort().target());
      if (!backends.isEmpty()) {
        wanted.put(endpoint, client -> backends);
      } else if (nodePort.isLocal()) {
        dropped.add(endpoint);
      }
    }
    dropping.retain(dropped);
    proxies.update(wanted.keySet());
    dropping.open(dropped);
    wanted.forEach((endpoint, endpoints) -> proxies.get(endpoint).endpoints = endpoints);
  }

  @Override
  public void close() {
    proxies.close();
    dropping.close();
    client.close().await();
  }

  private static List<SocketAddress> endpoints(
      KubeService service, int port, String client, ClusterState state) {
    if (service.selector().isEmpty()) {
      return List.of(SocketAddress.inetSocketAddress(port, "127.0.0.1"));
    }
    return addresses(
        node(client, state)
            .map(node -> service.backendsFrom(node, state))
            .orElseGet(() -> service.backends(state).stream().filter(Pod::serves).toList()),
        port);
  }

  private static Optional<String> node(String client, ClusterState state) {
    return Stream.concat(
            state.all(Node.class).stream()
                .filter(node -> node.address().equals(client))
                .map(Node::name),
            state.all(Pod.class).stream().filter(pod -> pod.ip().equals(client)).map(Pod::node))
        .findFirst();
  }

  private static List<SocketAddress> addresses(List<Pod> pods, int port) {
    return pods.stream().map(pod -> SocketAddress.inetSocketAddress(port, pod.ip())).toList();
  }

  private static TcpServer drop(Endpoint endpoint) {
    var server = TcpServer.start("", Bind.on(endpoint.port(), endpoint.address()));
    server.fault("drop");
    return server;
  }

  private final class TcpProxy {
    private final NetServer server;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Function<String, List<SocketAddress>> endpoints = client -> List.of();

    TcpProxy(Vertx vertx, Endpoint endpoint) {
      this.server = vertx.createNetServer().connectHandler(this::proxy);
      server.listen(endpoint.port(), endpoint.address()).await();
    }

    void close() {
      server.close().await();
    }

    private void proxy(NetSocket from) {
      var current = endpoints.apply(from.remoteAddress().hostAddress());
      if (current.isEmpty()) {
        from.close();
        return;
      }
      from.pause();
      client
          .connect(current.get(Math.floorMod(turn.getAndIncrement(), current.size())))
          .onFailure(error -> from.close())
          .onSuccess(
              to -> {
                from.pipeTo(to).onFailure(error -> to.close());
                to.pipeTo(from).onFailure(error -> from.close());
              });
    }
  }
}
