package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.AwsResource.Eni;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.AwsResource.NetworkAcl;
import io.eksnet.lab.cluster.AwsResource.PrefixList;
import io.eksnet.lab.cluster.AwsResource.SecurityGroup;
import io.eksnet.lab.cluster.AwsResource.Subnet;
import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.Behavior.CutOffSubnet;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ipv4Range;
import io.eksnet.lab.cluster.KubeResource.Node;
import java.util.List;
import java.util.Optional;

/** Whether security groups, network ACLs and subnets let a load balancer reach its targets. */
public record SecurityGroupSimulation(ClusterState state, LoadBalancer lb) {
  /** One of the ports that load balancers connect from: 1024 to 65535. */
  private static final int CLIENT_PORT = 40_000;

  /** The address of a target, which may be an instance. */
  public String address(TargetGroup.Target target) {
    return state.all(Node.class).stream()
        .filter(node -> node.instanceId().equals(target.id()))
        .map(Node::address)
        .findFirst()
        .orElse(target.id());
  }

  /** Whether packets arrive; an address without a network interface has no security groups. */
  public boolean permits(String address, int port) {
    var networkInterface = findInterface(address);
    return networkInterface.map(eni -> permitsIngress(eni, port)).orElse(true)
        && permitsEgress(address, port)
        && networkInterface.map(Eni::subnetId).filter(this::isCutOff).isEmpty()
        && networkInterface.map(eni -> permitsAcls(eni.subnetId(), address, port)).orElse(true);
  }

  /**
   * From each subnet of the load balancer, by one of the ports that it connects from. The lab's
   * ACLs have no rules for IPv6.
   */
  private boolean permitsAcls(String subnetId, String address, int port) {
    return address.contains(":")
        || lb.places().stream()
            .filter(place -> !place.subnetId().equals(subnetId))
            .allMatch(
                place ->
                    acl(place.subnetId(), true, address, port)
                        && acl(subnetId, false, cidr(place), port)
                        && acl(subnetId, true, cidr(place), CLIENT_PORT)
                        && acl(place.subnetId(), false, address, CLIENT_PORT));
  }

  private boolean acl(String subnetId, boolean egress, String peer, int port) {
    var all = state.all(NetworkAcl.class);
    return all.stream()
        .filter(acl -> acl.subnetIds().contains(subnetId))
        .findFirst()
        .or(() -> all.stream().filter(NetworkAcl::byDefault).findFirst())
        .map(acl -> acl.allows(egress, peer, port))
        .orElse(true);
  }

  private boolean isCutOff(String subnetId) {
    return state.find(CutOffSubnet.class, subnetId).isPresent();
  }

  private Optional<Eni> findInterface(String address) {
    return state.all(Eni.class).stream()
        .filter(
            eni ->
                eni.addresses().contains(address)
                    || eni.prefixes().stream().anyMatch(prefix -> contains(prefix, address)))
        .findFirst();
  }

  private boolean permitsIngress(Eni eni, int port) {
    return rules(eni.groups(), false, port).stream()
        .anyMatch(rule -> lb.groups().contains(rule.peer()) || containsLb(rule.peer()));
  }

  private boolean permitsEgress(String address, int port) {
    return rules(lb.groups(), true, port).stream()
        .anyMatch(
            rule ->
                contains(rule.peer(), address)
                    || findInterface(address)
                        .filter(eni -> eni.groups().contains(rule.peer()))
                        .isPresent());
  }

  private List<SecurityGroup.Rule> rules(List<String> groups, boolean egress, int port) {
    return groups.stream()
        .flatMap(id -> state.find(SecurityGroup.class, id).stream())
        .flatMap(group -> group.rules().stream())
        .filter(rule -> rule.egress() == egress)
        .filter(rule -> rule.protocol().equals("-1") || rule.protocol().equals("tcp"))
        .filter(rule -> rule.from() < 0 || (rule.from() <= port && port <= rule.to()))
        .toList();
  }

  /** Whether a peer contains all subnets of the load balancer. */
  private boolean containsLb(String peer) {
    return lb.places().stream()
        .map(place -> Ipv4Range.parse(cidr(place)))
        .allMatch(cidr -> contains(peer, cidr));
  }

  /** Of IPv6 ranges, the lab has only {@code ::/0}. */
  private boolean contains(String peer, String address) {
    return address.contains(":") ? peer.equals("::/0") : contains(peer, Ipv4Range.parse(address));
  }

  /** Load balancers connect to targets from private addresses. */
  private String cidr(LoadBalancer.Place place) {
    return state.get(Subnet.class, place.subnetId()).cidr();
  }

  private boolean contains(String peer, Ipv4Range range) {
    if (peer.startsWith("pl-")) {
      return state.find(PrefixList.class, peer).stream()
          .flatMap(list -> list.entries().stream())
          .anyMatch(entry -> Ipv4Range.parse(entry).contains(range));
    }
    return peer.contains(".") && Ipv4Range.parse(peer).contains(range);
  }
}
