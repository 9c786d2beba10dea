package io.eksnet.controller.page;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.plan.LbRoutes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The load balancers with their target groups, the worst first.
 *
 * @param unavailable why the load balancers are unknown, or empty
 */
record LoadBalancerList(String unavailable, Truncated<Item> items) {
  private static final int MAX_LOAD_BALANCERS = 100;
  private static final int MAX_TARGETS = 20;

  /**
   * A load balancer.
   *
   * @param own the state of it alone
   * @param state the worst of it and its target groups
   */
  record Item(
      String arn,
      String name,
      HealthState own,
      HealthState state,
      String about,
      String note,
      List<Group> groups) {
    boolean open() {
      return state.compareTo(HealthState.DEGRADED) <= 0;
    }
  }

  /**
   * A target group.
   *
   * @param ratio how many targets are healthy; empty: there are none, or they are unknown
   * @param unhealthy a description of each target that is not healthy
   */
  record Group(
      String arn,
      String name,
      HealthState state,
      String port,
      String text,
      String ratio,
      Truncated<String> unhealthy) {}

  static LoadBalancerList of(ClusterView view) {
    var inventory = view.known();
    var balancers = inventory.snapshot(Resources.LOAD_BALANCERS);
    if (balancers.value().isEmpty()) {
      return new LoadBalancerList(PageText.unavailable(balancers), new Truncated<>(List.of(), 0));
    }
    var items =
        balancers.value().get().stream()
            .map(balancer -> item(balancer, inventory))
            .sorted(Comparator.comparing(Item::state).thenComparing(Item::name))
            .toList();
    return new LoadBalancerList("", Truncated.of(items, MAX_LOAD_BALANCERS));
  }

  private static Item item(LoadBalancer balancer, Inventory inventory) {
    var groups =
        inventory.list(Resources.TARGET_GROUPS).stream()
            .filter(group -> group.loadBalancerArns().contains(balancer.arn()))
            .map(group -> group(group, targets(group, inventory.list(Resources.TARGET_HEALTH))))
            .toList();
    var groupsKnown = inventory.get(Resources.TARGET_GROUPS).isPresent();
    var own =
        switch (balancer.state()) {
          case "active" -> groupsKnown ? HealthState.HEALTHY : HealthState.UNKNOWN;
          case "failed" -> HealthState.FAILING;
          default -> HealthState.DEGRADED;
        };
    var state = groups.stream().map(Group::state).reduce(own, LoadBalancerList::worse);
    return new Item(
        balancer.arn(),
        balancer.name(),
        own,
        state,
        about(balancer),
        note(balancer, groups, inventory),
        groups);
  }

  private static HealthState worse(HealthState one, HealthState other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static String about(LoadBalancer balancer) {
    return joined(
        balancer.type(),
        balancer.scheme().label(),
        balancer.state().replace('_', ' '),
        balancer.listeners().stream()
            .map(listener -> listener.protocol() + " " + listener.port())
            .collect(joining(", ")));
  }

  private static String note(LoadBalancer balancer, List<Group> groups, Inventory inventory) {
    var groupsNote =
        inventory.get(Resources.TARGET_GROUPS).isEmpty()
            ? "Target groups unknown."
            : groups.isEmpty() ? "No target group." : "";
    var notProbed =
        LbRoutes.areKnown(balancer, inventory).filter(known -> !known).isPresent()
            ? "Not probed: no host and path are known."
            : "";
    return Stream.of(balancer.stateReason(), groupsNote, notProbed)
        .filter(text -> !text.isBlank())
        .collect(joining(" "));
  }

  private static Optional<List<TargetHealth>> targets(TargetGroup group, List<GroupHealth> health) {
    return health.stream()
        .filter(one -> one.targetGroupArn().equals(group.arn()))
        .findFirst()
        .flatMap(one -> one.targets().value());
  }

  private static Group group(TargetGroup group, Optional<List<TargetHealth>> health) {
    var targets = health.orElse(List.of());
    var unhealthy = targets.stream().filter(target -> !target.state().equals("healthy")).toList();
    return new Group(
        group.arn(),
        group.name(),
        health.isEmpty() ? HealthState.UNKNOWN : state(targets.size(), unhealthy),
        group.protocol() + " " + group.port(),
        health.isEmpty() ? "health unknown" : countsByState(targets),
        targets.isEmpty() ? "" : targets.size() - unhealthy.size() + " of " + targets.size(),
        Truncated.of(unhealthy.stream().map(LoadBalancerList::about).toList(), MAX_TARGETS));
  }

  private static HealthState state(int targets, List<TargetHealth> unhealthy) {
    if (targets == 0) {
      return HealthState.NONE;
    }
    if (unhealthy.isEmpty()) {
      return HealthState.HEALTHY;
    }
    if (unhealthy.stream().anyMatch(target -> target.state().equals("unavailable"))) {
      return HealthState.UNKNOWN;
    }
    return unhealthy.size() == targets
            && unhealthy.stream().anyMatch(target -> target.state().equals("unhealthy"))
        ? HealthState.FAILING
        : HealthState.DEGRADED;
  }

  private static String countsByState(List<TargetHealth> targets) {
    return targets.isEmpty()
        ? "no targets"
        : targets.stream()
            .collect(groupingBy(TargetHealth::state, TreeMap::new, counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(joining(", "));
  }

  private static String about(TargetHealth target) {
    return target.id()
        + " port "
        + target.port()
        + (target.zone().isEmpty() ? "" : " in " + target.zone())
        + ": "
        + joined(target.state(), target.reason(), target.description());
  }

  private static String joined(String... texts) {
    return Stream.of(texts).filter(text -> !text.isEmpty()).collect(joining(", "));
  }
}
