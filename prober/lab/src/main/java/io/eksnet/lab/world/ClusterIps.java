package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeService;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.List;

/**
 * The cluster IPs of Services with TCP ports only. One without ready endpoints is closed, as
 * kube-proxy rejects it; one without a selector has its endpoint on 127.0.0.1.
 */
final class ClusterIps implements Part {
  private final NetClient client;
  private final Closers<Door, Relay> relays;

  private record Door(String address, int port) {}

  ClusterIps(Vertx vertx) {
    this.client = vertx.createNetClient();
    this.relays =
        new Closers<>(door -> Relay.open(vertx, client, door.address(), door.port()), Relay::close);
  }

  @Override
  public void follow(ClusterState state) {
    var wanted = new HashMap<Door, List<SocketAddress>>();
    for (var service : state.all(KubeService.class)) {
      if (!service.clusterIp().equals("None")
          && service.ports().stream().allMatch(port -> port.protocol().equals("TCP"))) {
        for (var port : service.ports()) {
          var endpoints = endpoints(service, port.target(), state);
          if (!endpoints.isEmpty()) {
            wanted.put(new Door(service.clusterIp(), port.port()), endpoints);
          }
        }
      }
    }
    relays.follow(wanted.keySet());
    wanted.forEach((door, endpoints) -> relays.get(door).to(endpoints));
  }

  @Override
  public void close() {
    relays.close();
    client.close().await();
  }

  private static List<SocketAddress> endpoints(KubeService service, int port, ClusterState state) {
    return service.selector().isEmpty()
        ? List.of(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
        : service.backends(state).stream()
            .filter(pod -> pod.ready() && !pod.terminating())
            .map(pod -> SocketAddress.inetSocketAddress(port, pod.ip()))
            .toList();
  }
}
