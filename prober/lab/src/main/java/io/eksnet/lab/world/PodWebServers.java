package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.LabWebServer;
import io.eksnet.lab.TestCertificates;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.KubeResource.Pod.Program;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The web servers in pods. */
final class PodWebServers implements ServerGroup {
  private final ServerPool<Endpoint, LabWebServer> servers;

  private record Endpoint(String address, int port, boolean tls) {
    Endpoint withOtherProtocol() {
      return new Endpoint(address, port, !tls);
    }

    LabWebServer open(TestCertificates certificates) {
      var bind = Bind.on(port, address);
      return tls ? LabWebServer.https(certificates, bind) : LabWebServer.http(bind);
    }
  }

  /**
   * Servers of no pods yet.
   *
   * @param certificates of those with TLS
   */
  PodWebServers(TestCertificates certificates) {
    servers = new ServerPool<>(endpoint -> endpoint.open(certificates), LabWebServer::close);
  }

  @Override
  public void update(ClusterState state) {
    var pods = pods(state);
    servers.closeIf(endpoint -> pods.containsKey(endpoint.withOtherProtocol()));
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
                pod -> new Endpoint(pod.ip(), pod.ports().get(0).port(), pod.program().tls()),
                Function.identity()));
  }
}
