package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetPaths;
import io.eksnet.model.inventory.SubnetPaths.Connection;
import io.eksnet.model.inventory.SubnetPaths.Denial;
import io.eksnet.model.inventory.SubnetPaths.End;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.TargetHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * In which subnets agents, targets and load balancers are, and which ACLs and routes these have.
 */
final class VpcPaths {
  /**
   * Large ranges of AWS, for public addresses of its APIs and of NAT gateways that are not known
   * (ip-ranges.amazonaws.com). What denies all of them denies the Internet.
   */
  private static final List<Cidr> PUBLIC =
      Stream.of("3.0.0.0/8", "18.0.0.0/8", "52.0.0.0/8", "54.0.0.0/8").map(Cidr::of).toList();

  private final List<Subnet> subnets;
  private final Map<String, Agent> agents;
  private final Map<String, KubeNode> nodes;
  private final List<RouteTable> routeTables;
  private final SubnetPaths acls;

  VpcPaths(Inventory inventory) {
    subnets = inventory.list(Resources.SUBNETS);
    agents =
        inventory.get(Resources.AGENTS).map(AgentFleet::agents).orElse(List.of()).stream()
            .collect(toMap(Agent::node, agent -> agent, (first, next) -> first));
    nodes =
        inventory.list(Resources.NODES).stream()
            .collect(toMap(KubeNode::name, node -> node, (first, next) -> first));
    routeTables = inventory.list(Resources.ROUTE_TABLES);
    acls = new SubnetPaths(inventory.list(Resources.NETWORK_ACLS));
  }

  Optional<Denial> denial(Connection connection) {
    return acls.denial(connection);
  }

  boolean areAclsKnown(Connection connection) {
    return acls.isKnown(connection);
  }

  /** An end outside the VPC for each range that stands for the Internet. */
  static Stream<End> internet() {
    return PUBLIC.stream().map(range -> new End("", range));
  }

  /** The address of the agent of a node; empty unless it is in a known subnet. */
  Optional<End> agent(String node) {
    return Optional.ofNullable(agents.get(node)).flatMap(agent -> address(agent.address()));
  }

  /** Empty unless it is in a known subnet. */
  Optional<End> address(String address) {
    return Cidr.parse(address)
        .flatMap(one -> subnetOf(one).map(subnet -> new End(subnet.id(), one)));
  }

  private Optional<Subnet> subnetOf(Cidr address) {
    return subnets.stream().filter(subnet -> Cidr.of(subnet.cidr()).contains(address)).findFirst();
  }

  /** All addresses of a subnet; empty unless the subnet is known. */
  Optional<End> subnet(String id) {
    return subnets.stream()
        .filter(subnet -> subnet.id().equals(id))
        .findFirst()
        .map(subnet -> new End(id, Cidr.of(subnet.cidr())));
  }

  /** The subnets of a load balancer; empty unless all of them are known. */
  List<End> loadBalancer(LoadBalancer lb) {
    var ends = lb.subnets().values().stream().sorted().flatMap(id -> subnet(id).stream()).toList();
    return ends.size() == lb.subnets().size() ? ends : List.of();
  }

  /** An instance is in the subnet of the nodes of its zone, if there is only one. */
  Optional<End> target(TargetHealth target) {
    if (!target.id().startsWith("i-")) {
      return address(target.id());
    }
    var candidates = nodeSubnets(target.zone());
    return candidates.size() == 1 ? subnet(candidates.get(0).id()) : Optional.empty();
  }

  private List<Subnet> nodeSubnets(String zone) {
    return subnets.stream()
        .filter(subnet -> subnet.zone().equals(zone) && subnet.roles().contains(SubnetRole.NODE))
        .toList();
  }

  /**
   * The subnets by which packets of agents on a node may leave the VPC: the CNI translates the
   * addresses of pods to the primary one of the node, which may be in another subnet than its pods.
   */
  List<Subnet> egressSubnets(String node) {
    var own = agent(node).flatMap(end -> subnetOf(end.range()));
    var known = Optional.ofNullable(nodes.get(node));
    var onFargate = known.filter(one -> one.computeType() == ComputeType.FARGATE).isPresent();
    if (onFargate || own.filter(it -> it.roles().contains(SubnetRole.NODE)).isPresent()) {
      return own.stream().toList();
    }
    return known.map(one -> nodeSubnets(one.zone())).orElse(List.of());
  }

  /** The route table of a subnet: its own, or else the main one. */
  Optional<RouteTable> routeTable(String subnetId) {
    return routeTables.stream()
        .filter(table -> table.subnetIds().contains(subnetId))
        .findFirst()
        .or(() -> routeTables.stream().filter(RouteTable::main).findFirst());
  }
}
