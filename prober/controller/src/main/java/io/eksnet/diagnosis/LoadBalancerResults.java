package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.LbPath;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.plan.LbRoutes;
import io.eksnet.plan.LbRoutes.Backend;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the agents got from load balancers, by the target group that answered: where several share
 * one, only what was asked under hosts that are known to lead to the group.
 *
 * @param groups how many target groups each load balancer has, by ARN
 * @param routes of those with several, by ARN
 */
record LoadBalancerResults(
    Inventory inventory,
    ProbeResults.Groups<LbPath> seen,
    Map<String, Long> groups,
    Map<String, LbRoutes> routes) {
  static LoadBalancerResults in(Evidence evidence) {
    var inventory = evidence.inventory();
    var groups =
        inventory.list(Resources.TARGET_GROUPS).stream()
            .flatMap(group -> group.loadBalancerArns().stream())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    var routes =
        inventory.list(Resources.LOAD_BALANCERS).stream()
            .filter(lb -> groups.getOrDefault(lb.arn(), 0L) > 1)
            .collect(
                Collectors.toMap(
                    LoadBalancer::arn, lb -> LbRoutes.of(lb, inventory), (one, other) -> one));
    return new LoadBalancerResults(
        inventory,
        ProbeResults.of(evidence, LbPath.class).by(seen -> seen.subject().lb()),
        groups,
        routes);
  }

  /** What this group answered through this load balancer. */
  ProbeResults<LbPath> of(TargetGroup group, LoadBalancer lb) {
    var all = seen.of(lb.name());
    if (groups.getOrDefault(lb.arn(), 0L) <= 1) {
      return all;
    }
    var hosts = hosts(group, routes.getOrDefault(lb.arn(), LbRoutes.NONE));
    return all.where(path -> hosts.contains(host(path)));
  }

  /** The label is a port and, where it has one, a host. */
  private static String host(LbPath path) {
    var space = path.listener().indexOf(' ');
    return space < 0 ? "" : path.listener().substring(space + 1);
  }

  /** Those that lead to this group. */
  private Set<String> hosts(TargetGroup group, LbRoutes routes) {
    var bindings =
        inventory.list(Resources.TARGET_GROUP_BINDINGS).stream()
            .filter(binding -> binding.targetGroupArn().equals(group.arn()))
            .toList();
    return routes.byHost().entrySet().stream()
        .filter(route -> bindings.stream().anyMatch(binding -> binds(binding, route.getValue())))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private boolean binds(TargetGroupBinding binding, Backend backend) {
    return binding.namespace().equals(backend.namespace())
        && binding.service().equals(backend.service())
        && (binding.servicePort().equals(backend.port())
            || ports(backend).stream()
                .anyMatch(port -> is(port, binding.servicePort()) && is(port, backend.port())));
  }

  private List<ServicePort> ports(Backend backend) {
    return inventory.list(Resources.SERVICES).stream()
        .filter(service -> service.namespace().equals(backend.namespace()))
        .filter(service -> service.name().equals(backend.service()))
        .findFirst()
        .map(KubeService::ports)
        .orElse(List.of());
  }

  private static boolean is(ServicePort port, String nameOrNumber) {
    return nameOrNumber.equals(port.name()) || nameOrNumber.equals(Integer.toString(port.port()));
  }
}
