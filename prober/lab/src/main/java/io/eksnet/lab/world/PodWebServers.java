package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.LabWebServer;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.KubeResource.Pod.Program;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The web servers in pods. */
final class PodWebServers implements ServerGroup {
  private final ServerPool<Endpoint, LabWebServer> servers =
      new ServerPool<>(
          endpoint -> LabWebServer.http(Bind.on(endpoint.port(), endpoint.address())),
          LabWebServer::close);

  private record Endpoint(String address, int port) {}

  @Override
  public void update(ClusterState state) {
    var pods = pods(state);
    servers.open(pods.keySet());
    pods.forEach(
        (endpoint, pod) -> {
          var server = servers.get(endpoint);
          server.delay(Duration.ofMillis(pod.program().delayMillis()));
          server.fault(pod.program().fault());
        });
  }

  @Override
  public void closeUnused(ClusterState state) {
    servers.retain(pods(state).keySet());
  }

  @Override
  public void close() {
    servers.close();
  }

  private static Map<Endpoint, Pod> pods(ClusterState state) {
    return state.all(Pod.class).stream()
        .filter(pod -> pod.runs(Program.Kind.WEB))
        .collect(
            Collectors.toMap(
                pod -> new Endpoint(pod.ip(), pod.ports().get(0).port()), Function.identity()));
  }
}
