package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.DnsServer;
import io.eksnet.lab.Zone;
import io.eksnet.lab.cluster.Behavior.VpcResolver;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.KubeResource.Pod.Program;
import io.eksnet.lab.cluster.LabNetwork;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/** The name servers: each CoreDNS pod, the cluster IP of kube-dns, and the VPC resolver. */
final class ClusterNameServers implements ServerGroup {
  private static final String KUBE_DNS = "kube-system/kube-dns";

  private final LabNetwork network;
  private final ServerPool<String, DnsServer> servers;

  ClusterNameServers(LabNetwork network) {
    this.network = network;
    this.servers =
        new ServerPool<>(
            address -> DnsServer.start(Zone.of(List.of()), Bind.on(network.dns(), address)),
            DnsServer::close);
  }

  @Override
  public void update(ClusterState state) {
    var pods = state.all(Pod.class).stream().filter(pod -> pod.runs(Program.Kind.DNS)).toList();
    var kubeDns = state.find(KubeService.class, KUBE_DNS);
    var wanted = new HashSet<String>(List.of(network.vpcResolver()));
    pods.forEach(pod -> wanted.add(pod.ip()));
    kubeDns.ifPresent(service -> wanted.add(service.clusterIp()));
    servers.update(wanted);

    var zone = ClusterZones.coreDns(state);
    for (var pod : pods) {
      serve(pod.ip(), zone, pod.program().fault(), pod.program().delayMillis());
    }
    kubeDns.ifPresent(
        service ->
            serve(service.clusterIp(), zone, fault(service, state), delayMillis(service, state)));
    var resolverFault =
        state.all(VpcResolver.class).stream().map(VpcResolver::fault).findFirst().orElse("none");
    serve(network.vpcResolver(), ClusterZones.vpcResolver(state), resolverFault, 0);
  }

  @Override
  public void close() {
    servers.close();
  }

  /** kube-proxy rejects without ready endpoints; a fault shows here when all pods have it. */
  private static String fault(KubeService service, ClusterState state) {
    var faults =
        service.backends(state).stream()
            .filter(Pod::serves)
            .map(pod -> pod.program().fault())
            .distinct()
            .toList();
    if (faults.isEmpty()) {
      return "refuse";
    }
    return faults.size() == 1 ? faults.get(0) : "none";
  }

  /** The shortest of all pods. */
  private static long delayMillis(KubeService service, ClusterState state) {
    return service.backends(state).stream()
        .filter(Pod::serves)
        .mapToLong(pod -> pod.program().delayMillis())
        .min()
        .orElse(0);
  }

  private void serve(String address, Zone zone, String fault, long delayMillis) {
    var server = servers.get(address);
    server.zone(zone);
    server.delay(Duration.ofMillis(delayMillis));
    server.fault(fault);
  }
}
