package io.eksnet.inventory.aws;

import io.eksnet.inventory.aws.SecurityGroupRules.End;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.SecurityPath;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Answers whether security groups let load balancers reach their targets: some rule of the groups
 * of the target's interface must let the load balancer in, and some rule of the load balancer's
 * groups must let it out. Network ACLs, routes and network policies are other matters.
 *
 * @param subnets the address ranges of each subnet of the load balancers
 */
record ReachabilityAnalyzer(
    TargetInterfaces targets,
    InterfaceIndex interfaces,
    Map<String, List<Cidr>> subnets,
    SecurityGroupRules book) {
  private static final Cidr ALL_IP4 = Cidr.of("0.0.0.0/0");
  private static final Cidr ALL_IP6 = Cidr.of("::/0");

  SecurityPath judge(ReachabilityQuery question) {
    var found = targets.find(question.target(), interfaces);
    var judgement =
        found
            .map(target -> judge(question, target))
            .orElseGet(
                () ->
                    Judgement.unknown(
                        "no network interface was found for " + question.target().id()));
    return new SecurityPath(
        question.balancer().arn(),
        question.group().arn(),
        question.target().id(),
        found.map(target -> target.nic().id()).orElse(""),
        question.port(),
        question.use(),
        judgement.verdict(),
        judgement.reason());
  }

  private Judgement judge(ReachabilityQuery question, TargetInterfaces.Found target) {
    var by = judge(question, target.nic(), target.address());
    return target.also().map(nic -> by.agreeing(judge(question, nic, target.address()))).orElse(by);
  }

  private Judgement judge(ReachabilityQuery question, NetworkInterface nic, String address) {
    var to = new End(nic.groups(), List.of(Cidr.of(address)));
    var in = everyTransport(question, (way, port) -> book.in(from(question, to), to, way, port));
    var out = everyTransport(question, (way, port) -> book.out(self(question, to), to, way, port));
    return in.and(out);
  }

  private static Judgement everyTransport(
      ReachabilityQuery question, BiFunction<Transport, Integer, Judgement> ask) {
    return question.transports().stream()
        .map(transport -> ask.apply(transport, question.port()))
        .reduce(Judgement::and)
        .orElseThrow();
  }

  /** The load balancer as the target sees it. */
  private End from(ReachabilityQuery question, End to) {
    var all = to.ranges().get(0).isIp4() ? ALL_IP4 : ALL_IP6;
    return question.clientsMayShow()
        ? new End(question.balancer().securityGroups(), List.of(all))
        : self(question, to);
  }

  private End self(ReachabilityQuery question, End to) {
    return new End(
        question.balancer().securityGroups(),
        ranges(question.balancer(), to.ranges().get(0).bits()));
  }

  /** All addresses that it may send from; none if they are not known of all its subnets. */
  private List<Cidr> ranges(LoadBalancer balancer, int bits) {
    var ranges =
        balancer.subnets().values().stream()
            .map(id -> subnets.getOrDefault(id, List.of()))
            .map(all -> all.stream().filter(range -> range.bits() == bits).toList())
            .toList();
    return ranges.stream().anyMatch(List::isEmpty)
        ? List.of()
        : ranges.stream().flatMap(List::stream).toList();
  }
}
