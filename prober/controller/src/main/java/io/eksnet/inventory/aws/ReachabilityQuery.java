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

/** Whether security groups let a load balancer reach a port of a target. */
record ReachabilityQuery(
    LoadBalancer balancer,
    TargetGroup group,
    TargetHealth target,
    Use use,
    int port,
    List<Transport> transports) {
  /** Bounds memory; further paths are left out. */
  static final int MAX_QUERIES = 20_000;

  private static final Set<String> DRAINING = Set.of("draining", "unhealthy.draining");
  private static final Set<String> TYPES_WITH_INTERFACES = Set.of("ip", "instance");

  /** The queries for all targets in service, in a fixed order. */
  static List<ReachabilityQuery> of(Inventory inventory) {
    var groups = byArn(inventory.list(Resources.TARGET_GROUPS), TargetGroup::arn);
    var balancers = byArn(inventory.list(Resources.LOAD_BALANCERS), LoadBalancer::arn);
    return GroupHealth.targetsIn(inventory).stream()
        .filter(target -> !DRAINING.contains(target.state()))
        .flatMap(
            target ->
                Stream.ofNullable(groups.get(target.targetGroupArn()))
                    .filter(group -> TYPES_WITH_INTERFACES.contains(group.targetType()))
                    .flatMap(
                        group ->
                            group.loadBalancerArns().stream()
                                .flatMap(arn -> Stream.ofNullable(balancers.get(arn)))
                                .flatMap(balancer -> of(balancer, group, target).stream())))
        .limit(MAX_QUERIES)
        .toList();
  }

  private static List<ReachabilityQuery> of(
      LoadBalancer balancer, TargetGroup group, TargetHealth target) {
    var queries = new ArrayList<ReachabilityQuery>();
    var transports = Transport.of(group.protocol());
    if (!transports.isEmpty()) {
      queries.add(
          new ReachabilityQuery(balancer, group, target, Use.TRAFFIC, target.port(), transports));
    }
    var healthCheckPort = target.healthCheckPort();
    if (group.healthCheck().enabled() && healthCheckPort > 0) {
      queries.add(
          new ReachabilityQuery(
              balancer, group, target, Use.HEALTH_CHECK, healthCheckPort, List.of(Transport.TCP)));
    }
    return queries;
  }

  /**
   * Whether the target may see the addresses of clients instead of the load balancer's. By default
   * network load balancers preserve them for instances and for UDP (NLB User Guide, "Client IP
   * preservation").
   */
  boolean mayPreserveClientIp() {
    return use == Use.TRAFFIC
        && balancer.type().equals("network")
        && group.preservesClientIp().orElse(true);
  }

  private static <T> Map<String, T> byArn(List<T> all, Function<T, String> arn) {
    return all.stream().collect(Collectors.toMap(arn, Function.identity(), (a, b) -> a));
  }
}
