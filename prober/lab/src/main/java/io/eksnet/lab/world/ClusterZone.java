package io.eksnet.lab.world;

import io.eksnet.lab.Zone;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeService;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.Names;

/** The names of the world as the VPC resolver knows them, and those of the cluster beside them. */
final class ClusterZone {
  private ClusterZone() {}

  /** What the VPC resolver knows. */
  static Zone world(ClusterState state) {
    var zone = new StringBuilder();
    state.all(Names.class).forEach(names -> zone.append(names.zone()).append('\n'));
    for (var lb : state.all(LoadBalancer.class)) {
      for (var place : lb.places()) {
        zone.append(lb.host()).append(". 60 A ").append(place.address()).append('\n');
      }
    }
    return Zone.of(zone.toString());
  }

  /** What CoreDNS knows: its own domain, and the world by forwarding. */
  static Zone cluster(ClusterState state) {
    var zone =
        new StringBuilder(
            "cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local."
                + " 1 7200 1800 86400 30\n");
    for (var service : state.all(KubeService.class)) {
      var name = service.name() + "." + service.namespace() + ".svc.cluster.local.";
      if (!service.clusterIp().equals("None")) {
        zone.append(name).append(" 5 A ").append(service.clusterIp()).append('\n');
        continue;
      }
      service.backends(state).stream()
          .filter(pod -> pod.ready())
          .forEach(pod -> zone.append(name).append(" 5 A ").append(pod.ip()).append('\n'));
    }
    return world(state).and(zone.toString());
  }
}
