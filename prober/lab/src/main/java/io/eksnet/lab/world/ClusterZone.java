package io.eksnet.lab.world;

import io.eksnet.lab.Zone;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ingress;
import io.eksnet.lab.cluster.KubeService;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.Names;
import io.eksnet.lab.cluster.VpcResolver;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names of the world as the VPC resolver knows them, and those of the cluster beside them. */
final class ClusterZone {
  private ClusterZone() {}

  /** What the VPC resolver knows. */
  static Zone world(ClusterState state) {
    var zone = new StringBuilder();
    state.all(Names.class).forEach(names -> zone.append(names.zone()).append('\n'));
    for (var lb : state.all(LoadBalancer.class)) {
      for (var place : lb.places()) {
        for (var name : names(lb, state)) {
          zone.append(name).append(". 60 A ").append(place.address()).append('\n');
        }
      }
    }
    return Zone.of(zone.toString());
  }

  /** Its own name, and the hosts of the Ingresses that it serves, as external-dns writes them. */
  private static Set<String> names(LoadBalancer lb, ClusterState state) {
    var names = new TreeSet<String>(List.of(lb.host()));
    state.all(Ingress.class).stream()
        .filter(ingress -> ingress.address().equals(lb.host()))
        .flatMap(ingress -> ingress.rules().stream())
        .map(Ingress.Rule::host)
        .filter(host -> !host.isEmpty())
        .forEach(names::add);
    return names;
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
    return forwards(state) ? world(state).and(zone.toString()) : Zone.of(zone.toString());
  }

  /** Without the resolver of the VPC it knows no other names; a real one says SERVFAIL. */
  private static boolean forwards(ClusterState state) {
    return state.all(VpcResolver.class).stream()
        .allMatch(resolver -> resolver.fault().equals("none"));
  }
}
