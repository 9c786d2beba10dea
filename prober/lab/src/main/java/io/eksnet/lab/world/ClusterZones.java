package io.eksnet.lab.world;

import io.eksnet.lab.Zone;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.Behavior.Names;
import io.eksnet.lab.cluster.Behavior.VpcResolver;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.Ingress;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Pod;
import java.util.Set;
import java.util.TreeSet;

/** The records that the name servers serve. */
public final class ClusterZones {
  private ClusterZones() {}

  /** The records of the VPC resolver. */
  public static Zone vpcResolver(ClusterState state) {
    var zone = new StringBuilder();
    state.all(Names.class).forEach(names -> zone.append(names.zone()).append('\n'));
    for (var lb : state.all(LoadBalancer.class)) {
      for (var place : lb.places()) {
        for (var name : hosts(lb, state)) {
          zone.append(name).append(". 60 A ").append(place.address()).append('\n');
        }
      }
    }
    return Zone.of(zone.toString());
  }

  /** Its own name, and the hosts of its Ingresses, as external-dns creates them. */
  private static Set<String> hosts(LoadBalancer lb, ClusterState state) {
    var hosts = new TreeSet<String>(Set.of(lb.host()));
    state.all(Ingress.class).stream()
        .filter(ingress -> ingress.address().equals(lb.host()))
        .flatMap(ingress -> ingress.rules().stream())
        .map(Ingress.Rule::host)
        .filter(host -> !host.isEmpty())
        .forEach(hosts::add);
    return hosts;
  }

  /**
   * The records of CoreDNS: the cluster's domain, and those of the VPC resolver unless that has a
   * fault. (A real CoreDNS responds with SERVFAIL then.)
   */
  static Zone coreDns(ClusterState state) {
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
          .filter(Pod::ready)
          .forEach(pod -> zone.append(name).append(" 5 A ").append(pod.ip()).append('\n'));
    }
    boolean forwards =
        state.all(VpcResolver.class).stream().allMatch(resolver -> resolver.fault().equals("none"));
    return forwards ? vpcResolver(state).and(zone.toString()) : Zone.of(zone.toString());
  }
}
