package io.eksnet.inventory.aws;

import io.eksnet.inventory.aws.SecurityGroupRules.Node;
import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.SecurityPath;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Evaluates whether security groups let load balancers reach their targets: an ingress rule of the
 * target's interface must allow the load balancer, and an egress rule of the load balancer the
 * target. Network ACLs, route tables and network policies are not considered.
 *
 * @param subnetRanges the address ranges of each subnet of the load balancers
 */
record ReachabilityAnalyzer(
    TargetInterfaces targets,
    InterfaceIndex interfaces,
    Map<String, List<Cidr>> subnetRanges,
    SecurityGroupRules rules) {
  private static final Cidr ALL_IPV4 = Cidr.of("0.0.0.0/0");
  private static final Cidr ALL_IPV6 = Cidr.of("::/0");

  SecurityPath analyze(ReachabilityQuery query) {
    var target = targets.find(query.target(), interfaces);
    var reachability =
        target
            .map(found -> analyze(query, found))
            .orElseGet(
                () ->
                    Reachability.unknown(
                        "no network interface was found for " + query.target().id()));
    return new SecurityPath(
        query.balancer().arn(),
        query.group().arn(),
        query.target().id(),
        target.map(found -> found.nic().id()).orElse(""),
        target.map(found -> found.nic().groups().stream().sorted().toList()).orElse(List.of()),
        query.port(),
        query.use(),
        reachability.verdict(),
        reachability.reason());
  }

  private Reachability analyze(ReachabilityQuery query, TargetInterfaces.Found target) {
    var first = analyze(query, target.nic(), target.address());
    return target
        .alternative()
        .map(nic -> first.ifSameAs(analyze(query, nic, target.address())))
        .orElse(first);
  }

  private Reachability analyze(ReachabilityQuery query, NetworkInterface nic, String address) {
    var range = Cidr.of(address);
    var target = new Node(nic.groups(), List.of(range));
    var balancer =
        new Node(query.balancer().securityGroups(), ranges(query.balancer(), range.bits()));
    var client =
        query.mayPreserveClientIp()
            ? new Node(balancer.groups(), List.of(range.isIp4() ? ALL_IPV4 : ALL_IPV6))
            : balancer;
    var in = forAllTransports(query, (tcp, port) -> rules.ingress(client, target, tcp, port));
    var out = forAllTransports(query, (tcp, port) -> rules.egress(balancer, target, tcp, port));
    return in.and(out);
  }

  private static Reachability forAllTransports(
      ReachabilityQuery query, BiFunction<Transport, Integer, Reachability> evaluate) {
    return query.transports().stream()
        .map(transport -> evaluate.apply(transport, query.port()))
        .reduce(Reachability::and)
        .orElseThrow();
  }

  /** All addresses that it may send from; empty if those of one of its subnets are unknown. */
  private List<Cidr> ranges(LoadBalancer balancer, int bits) {
    var ranges =
        balancer.subnets().values().stream()
            .map(id -> subnetRanges.getOrDefault(id, List.of()))
            .map(all -> all.stream().filter(range -> range.bits() == bits).toList())
            .toList();
    return ranges.stream().anyMatch(List::isEmpty)
        ? List.of()
        : ranges.stream().flatMap(List::stream).toList();
  }
}
