package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.DnsServer;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ground;
import io.eksnet.lab.cluster.KubeService;
import io.eksnet.lab.cluster.Pod;
import io.eksnet.lab.cluster.VpcResolver;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/** The name servers: each CoreDNS pod, the cluster IP of kube-dns, and the resolver of the VPC. */
final class NameServers implements Part {
  private static final String KUBE_DNS = "kube-system/kube-dns";

  private final Ground ground;
  private final Closers<String, DnsServer> servers;

  NameServers(Ground ground) {
    this.ground = ground;
    this.servers = new Closers<>(this::open, DnsServer::close);
  }

  @Override
  public void follow(ClusterState state) {
    var pods = state.all(Pod.class).stream().filter(NameServers::listens).toList();
    var service = state.find(KubeService.class, KUBE_DNS);
    var wanted = new HashSet<String>(List.of(ground.vpcResolver()));
    pods.forEach(pod -> wanted.add(pod.ip()));
    service.ifPresent(kubeDns -> wanted.add(kubeDns.clusterIp()));
    servers.follow(wanted);

    var cluster = ClusterZone.cluster(state);
    for (var pod : pods) {
      var server = servers.get(pod.ip());
      server.zone(cluster);
      turn(server, pod.program().fault(), pod.program().delayMillis());
    }
    service.ifPresent(
        kubeDns -> {
          var server = servers.get(kubeDns.clusterIp());
          server.zone(cluster);
          turn(server, fault(kubeDns, state), 0);
        });
    var resolver = servers.get(ground.vpcResolver());
    resolver.zone(ClusterZone.world(state));
    turn(
        resolver,
        state.all(VpcResolver.class).stream().map(VpcResolver::fault).findFirst().orElse("none"),
        0);
  }

  @Override
  public void close() {
    servers.close();
  }

  /** Without ready endpoints kube-proxy rejects; a fault shows here when all of them share it. */
  private static String fault(KubeService service, ClusterState state) {
    var faults =
        service.backends(state).stream()
            .filter(pod -> pod.ready() && !pod.terminating())
            .map(pod -> pod.program().fault())
            .distinct()
            .toList();
    if (faults.isEmpty()) {
      return "refuse";
    }
    return faults.size() == 1 ? faults.get(0) : "none";
  }

  private static boolean listens(Pod pod) {
    return pod.listens() && pod.program().kind() == Pod.Program.Kind.DNS;
  }

  private static void turn(DnsServer server, String fault, long delayMillis) {
    server.delay(Duration.ofMillis(delayMillis));
    if (!server.fault().label().equals(fault)) {
      server.fault(fault);
    }
  }

  private DnsServer open(String address) {
    return DnsServer.start(io.eksnet.lab.Zone.of(List.of()), Bind.on(ground.dns(), address));
  }
}
