package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a load balancer can reach a port of a target. */
record ReachabilityQuery(
    LoadBalancer balancer,
    TargetGroup group,
    TargetHealth target,
    Use use,
    int port,
    List<Transport> transports) {
  /** Of more paths than this nothing is said. */
  static final int MOST = 20_000;

  private static final Set<String> LEAVING = Set.of("draining", "unhealthy.draining");
  private static final Set<String> WITH_INTERFACES = Set.of("ip", "instance");

  /** All the questions there are, in a fixed order. */
  static List<ReachabilityQuery> in(Inventory known) {
    var groups = byArn(known.list(Resources.TARGET_GROUPS), TargetGroup::arn);
    var balancers = byArn(known.list(Resources.LOAD_BALANCERS), LoadBalancer::arn);
    return GroupHealth.targetsIn(known).stream()
        .filter(target -> !LEAVING.contains(target.state()))
        .flatMap(
            target ->
                Stream.ofNullable(groups.get(target.targetGroupArn()))
                    .filter(group -> WITH_INTERFACES.contains(group.targetType()))
                    .flatMap(group -> about(target, group, balancers)))
        .limit(MOST)
        .toList();
  }

  private static Stream<ReachabilityQuery> about(
      TargetHealth target, TargetGroup group, Map<String, LoadBalancer> balancers) {
    return group.loadBalancerArns().stream()
        .flatMap(arn -> Stream.ofNullable(balancers.get(arn)))
        .flatMap(balancer -> uses(balancer, group, target).stream());
  }

  private static List<ReachabilityQuery> uses(
      LoadBalancer balancer, TargetGroup group, TargetHealth target) {
    var uses = new ArrayList<ReachabilityQuery>();
    var carried = Transport.of(group.protocol());
    if (!carried.isEmpty()) {
      uses.add(new ReachabilityQuery(balancer, group, target, Use.TRAFFIC, target.port(), carried));
    }
    if (group.healthCheck().enabled() && target.healthCheckPort() > 0) {
      uses.add(
          new ReachabilityQuery(
              balancer,
              group,
              target,
              Use.HEALTH_CHECK,
              target.healthCheckPort(),
              List.of(Transport.TCP)));
    }
    return uses;
  }

  /**
   * Whether the target may see its clients' addresses instead of the load balancer's, as network
   * load balancers do by default for instances and UDP (NLB User Guide, "Client IP preservation").
   */
  boolean clientsMayShow() {
    return use == Use.TRAFFIC && balancer.type().equals("network");
  }

  private static <T> Map<String, T> byArn(List<T> all, Function<T, String> arn) {
    return all.stream().collect(Collectors.toMap(arn, Function.identity(), (a, b) -> a));
  }
}
