package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.WebServer;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The web services in pods. */
final class WebPods implements Part {
  private final Closers<Door, WebServer> servers =
      new Closers<>(door -> WebServer.http(Bind.on(door.port(), door.address())), WebServer::close);

  private record Door(String address, int port) {}

  @Override
  public void follow(ClusterState state) {
    var pods = pods(state);
    servers.open(pods.keySet());
    pods.forEach(
        (door, pod) -> {
          var server = servers.get(door);
          server.delay(Duration.ofMillis(pod.program().delayMillis()));
          if (!server.fault().label().equals(pod.program().fault())) {
            server.fault(pod.program().fault());
          }
        });
  }

  @Override
  public void retire(ClusterState state) {
    servers.retain(pods(state).keySet());
  }

  @Override
  public void close() {
    servers.close();
  }

  private static Map<Door, Pod> pods(ClusterState state) {
    return state.all(Pod.class).stream()
        .filter(pod -> pod.listens() && pod.program().kind() == Pod.Program.Kind.WEB)
        .collect(Collectors.toMap(WebPods::door, Function.identity()));
  }

  private static Door door(Pod pod) {
    return new Door(pod.ip(), pod.ports().get(0).port());
  }
}
