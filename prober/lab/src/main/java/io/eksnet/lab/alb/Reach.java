package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.Cidr;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Eni;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.PrefixList;
import io.eksnet.lab.cluster.SecurityGroup;
import io.eksnet.lab.cluster.Subnet;
import io.eksnet.lab.cluster.TargetGroup;
import java.util.List;
import java.util.Optional;

/** Whether security groups let a load balancer reach a target; pure. */
record Reach(ClusterState state, LoadBalancer lb) {
  /** The address of a target: instances are called at their node's. */
  static String address(ClusterState state, TargetGroup.Target target) {
    return state.all(Node.class).stream()
        .filter(node -> node.instanceId().equals(target.id()))
        .map(Node::address)
        .findFirst()
        .orElse(target.id());
  }

  /** Whether its packets arrive; an address without an interface has no groups in its way. */
  boolean permits(String address, int port) {
    return owner(address).map(eni -> in(eni, port)).orElse(true) && out(address, port);
  }

  private Optional<Eni> owner(String address) {
    return state.all(Eni.class).stream()
        .filter(
            eni ->
                eni.addresses().contains(address)
                    || eni.prefixes().stream()
                        .anyMatch(prefix -> Cidr.of(prefix).contains(Cidr.of(address))))
        .findFirst();
  }

  private boolean in(Eni eni, int port) {
    return rules(eni.groups(), false, port).stream()
        .anyMatch(rule -> lb.groups().contains(rule.peer()) || coversUs(rule.peer()));
  }

  private boolean out(String address, int port) {
    return rules(lb.groups(), true, port).stream()
        .anyMatch(
            rule ->
                covers(rule.peer(), Cidr.of(address))
                    || owner(address)
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

  /** Whether a peer covers all subnets of the load balancer. */
  private boolean coversUs(String peer) {
    return lb.places().stream()
        .map(LoadBalancer.Place::subnetId)
        .map(id -> Cidr.of(state.get(Subnet.class, id).cidr()))
        .allMatch(cidr -> covers(peer, cidr));
  }

  private boolean covers(String peer, Cidr range) {
    if (peer.startsWith("pl-")) {
      return state.find(PrefixList.class, peer).stream()
          .flatMap(list -> list.entries().stream())
          .anyMatch(entry -> Cidr.of(entry).contains(range));
    }
    return peer.contains(".") && Cidr.of(peer).contains(range);
  }
}
