package io.eksnet.controller.metrics;

import static io.eksnet.metrics.InventoryCatalogue.READY_ENDPOINTS;
import static io.eksnet.metrics.InventoryCatalogue.TARGET_HEALTH;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LocalTrafficPolicy;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Target groups: the health of their targets, and the endpoints that should be among them. */
final class TargetGroupGauges {
  private static final List<String> STATES =
      List.of(
          "initial",
          "healthy",
          "unhealthy",
          "unhealthy.draining",
          "unused",
          "draining",
          "unavailable");

  /** A Service by its full name, in the order in which one of several is named. */
  private record Name(String namespace, String service) implements Comparable<Name> {
    static final Name NONE = new Name("", "");

    @Override
    public int compareTo(Name other) {
      return Comparator.comparing(Name::namespace)
          .thenComparing(Name::service)
          .compare(this, other);
    }
  }

  private final ElbNames names;
  private final Map<String, SortedSet<Name>> servicesByGroup;
  private final Map<String, List<TargetHealth>> healthByGroup;
  private final Map<Name, KubeService> kubeServices;
  private final Map<String, String> instanceIds;

  private TargetGroupGauges(Inventory inventory, Instant now) {
    names = ElbNames.of(inventory);
    servicesByGroup =
        inventory.list(Resources.TARGET_GROUP_BINDINGS).stream()
            .collect(
                Collectors.groupingBy(
                    TargetGroupBinding::targetGroupArn,
                    Collectors.mapping(
                        binding -> new Name(binding.namespace(), binding.service()),
                        Collectors.<Name, SortedSet<Name>>toCollection(TreeSet::new))));
    healthByGroup = new HashMap<>();
    for (var group : inventory.list(Resources.TARGET_HEALTH)) {
      group
          .targetsIfFresh(inventory, now)
          .ifPresent(targets -> healthByGroup.put(group.targetGroupArn(), targets));
    }
    kubeServices =
        inventory.list(Resources.SERVICES).stream()
            .collect(
                Collectors.toMap(
                    service -> new Name(service.namespace(), service.name()),
                    service -> service,
                    (one, same) -> one));
    instanceIds =
        inventory.list(Resources.NODES).stream()
            .collect(Collectors.toMap(KubeNode::name, KubeNode::instanceId, (one, same) -> one));
  }

  static void add(Inventory inventory, Instant now, Series to) {
    var gauges = new TargetGroupGauges(inventory, now);
    for (var group : inventory.list(Resources.TARGET_GROUPS)) {
      var balancers = group.loadBalancerArns().stream().map(gauges.names::of).distinct().toList();
      for (var balancer : balancers.isEmpty() ? List.of("") : balancers) {
        gauges.addHealth(group, balancer, to);
        var ready = gauges.ready(group);
        ready.ifPresent(number -> to.count(READY_ENDPOINTS, number, balancer, group.name()));
      }
    }
  }

  /** Every state is there, so that none healthy is a 0 and not a gap. */
  private void addHealth(TargetGroup group, String balancer, Series to) {
    var targets = healthByGroup.get(group.arn());
    if (targets == null) {
      return;
    }
    var service = services(group).stream().findFirst().orElse(Name.NONE);
    STATES.forEach(state -> count(0, group, balancer, service, state, "", to));
    var behind = Optional.ofNullable(kubeServices.get(service));
    for (var target : targets) {
      var state = state(target, group, behind);
      count(1, group, balancer, service, state, target.reason(), to);
    }
  }

  /** A node without a pod of a Local Service is meant to get no traffic. */
  private String state(TargetHealth target, TargetGroup group, Optional<KubeService> service) {
    return LocalTrafficPolicy.isUnhealthyByDesign(target, group, service, instanceIds)
        ? "unused"
        : target.state();
  }

  private static void count(
      int number,
      TargetGroup group,
      String balancer,
      Name service,
      String state,
      String reason,
      Series to) {
    to.count(
        TARGET_HEALTH,
        number,
        balancer,
        group.name(),
        service.namespace(),
        service.service(),
        state,
        reason);
  }

  /** The ready endpoints of all Services of a group, if all of them are known. */
  private OptionalLong ready(TargetGroup group) {
    var addresses = new TreeSet<String>();
    for (var service : services(group)) {
      var known = Optional.ofNullable(kubeServices.get(service)).flatMap(KubeService::endpoints);
      if (known.isEmpty()) {
        return OptionalLong.empty();
      }
      known.orElseThrow().stream()
          .filter(endpoint -> endpoint.ready() && !endpoint.terminating())
          .forEach(endpoint -> addresses.add(endpoint.address()));
    }
    return services(group).isEmpty() ? OptionalLong.empty() : OptionalLong.of(addresses.size());
  }

  private SortedSet<Name> services(TargetGroup group) {
    return servicesByGroup.getOrDefault(group.arn(), Collections.emptySortedSet());
  }
}
