package io.eksnet.plan;

import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.agent.plan.PlanValidation;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LocalTrafficPolicy;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The targets behind target groups, each from two agents, of other nodes while there are any.
 *
 * <p>Only pods and nodes of this cluster: a target whose pod or node is gone is removed at once,
 * though AWS still lists it. Targets in the states {@code draining}, {@code initial} (the
 * application may not listen yet) and {@code unused} (no traffic) are left out. So are instances
 * without a ready pod where {@code externalTrafficPolicy} is {@code Local}: they get no traffic.
 */
record TargetCalls(Inventory inventory, AgentSet fleet, PlanBuilder draft) {
  private static final int MAX_TARGETS = 5_000;
  private static final Set<String> STATES = Set.of("healthy", "unhealthy", "unavailable");

  /**
   * A target that is probed.
   *
   * @param address of the pod or of the node
   * @param onlyFromOthers whether agents on its node get to other pods than clients do: kube-proxy
   *     applies {@code externalTrafficPolicy: Local} to connections from other nodes only
   */
  private record Probed(
      TargetGroup group, TargetHealth target, String address, String node, boolean onlyFromOthers) {
    /** In the order of its hash, so that a bound cuts some targets of each group. */
    String key() {
      return group.name() + "/" + target.id() + "/" + target.port();
    }
  }

  /** Joins targets with pods, nodes and Services. */
  private static final class Index {
    private final Map<String, TargetGroup> groups;
    private final Map<String, ServicePod> pods;
    private final Map<String, KubeNode> nodes;
    private final Map<String, String> instanceIds;
    private final Map<String, KubeService> services;
    private final Map<String, TargetGroupBinding> bindings;

    Index(Inventory inventory) {
      groups = by(inventory.list(Resources.TARGET_GROUPS), TargetGroup::arn);
      pods = by(inventory.list(Resources.SERVICE_PODS), ServicePod::ip);
      nodes = by(inventory.list(Resources.NODES), KubeNode::instanceId);
      instanceIds =
          nodes.values().stream().collect(Collectors.toMap(KubeNode::name, KubeNode::instanceId));
      services = by(inventory.list(Resources.SERVICES), ServiceCalls::name);
      bindings =
          by(inventory.list(Resources.TARGET_GROUP_BINDINGS), TargetGroupBinding::targetGroupArn);
    }

    /** By a key that is not empty; of several with one key, the first. */
    private static <T> Map<String, T> by(List<T> all, Function<T, String> key) {
      return all.stream()
          .filter(one -> !key.apply(one).isEmpty())
          .collect(Collectors.toMap(key, one -> one, (first, next) -> first));
    }

    Optional<Probed> probed(TargetHealth target) {
      return Optional.ofNullable(groups.get(target.targetGroupArn()))
          .flatMap(
              group ->
                  switch (group.targetType()) {
                    case "ip" -> pod(group, target);
                    case "instance" -> instance(group, target);
                    default -> Optional.empty();
                  });
    }

    private Optional<Probed> pod(TargetGroup group, TargetHealth target) {
      return Optional.ofNullable(pods.get(target.id()))
          .map(pod -> new Probed(group, target, pod.ip(), pod.node(), false));
    }

    /** Load balancers send to the primary address of an instance, the first one of its node. */
    private Optional<Probed> instance(TargetGroup group, TargetHealth target) {
      var service =
          Optional.ofNullable(bindings.get(group.arn()))
              .map(binding -> binding.namespace() + "/" + binding.service())
              .map(services::get);
      var local = service.filter(LocalTrafficPolicy::isLocal).isPresent();
      if ((local && !LocalTrafficPolicy.hasReadyPod(target.id(), service, instanceIds))
          || LocalTrafficPolicy.isUnhealthyByDesign(target, group, service, instanceIds)) {
        return Optional.empty();
      }
      return Optional.ofNullable(nodes.get(target.id()))
          .flatMap(
              node ->
                  node.addresses().stream()
                      .findFirst()
                      .map(address -> new Probed(group, target, address, node.name(), local)));
    }
  }

  void plan() {
    var index = new Index(inventory);
    var targets =
        GroupHealth.targetsIn(inventory).stream()
            .filter(target -> STATES.contains(target.state()))
            .flatMap(target -> index.probed(target).stream())
            .sorted(Comparator.comparing((Probed one) -> Rendezvous.hash(one.key())))
            .toList();
    draft.first(MAX_TARGETS, targets, Suite.TARGET).forEach(this::give);
  }

  private void give(Probed one) {
    draft
        .allowed(
            "target group " + one.group().name(),
            "target " + one.target().id(),
            () -> call(one.group(), one.target(), one.address()))
        .ifPresent(
            call ->
                draft.give(
                    fleet.twoFor(one.key(), one.node()).stream()
                        .filter(agent -> !one.onlyFromOthers() || !agent.node().equals(one.node()))
                        .toList(),
                    call));
  }

  /**
   * What the health checker asks. The checks of gRPC, and of HTTP/2 without TLS, are imitated as
   * far as the connection.
   */
  private static TargetCall call(TargetGroup group, TargetHealth target, String address) {
    var check = group.healthCheck();
    var http = check.protocol().equals("HTTP") || check.protocol().equals("HTTPS");
    var other =
        group.protocolVersion().equals("GRPC")
            || (group.protocolVersion().equals("HTTP2") && check.protocol().equals("HTTP"));
    var protocol =
        http && !other && isValid(check) ? check.protocol().toLowerCase(Locale.ROOT) : "tcp";
    return protocol.equals("tcp")
        ? new TargetCall(group.name(), address, port(check, target), "tcp", "", List.of())
        : new TargetCall(
            group.name(), address, port(check, target), protocol, path(check), statuses(check));
  }

  private static boolean isValid(HealthCheck check) {
    try {
      PlanValidation.path(path(check));
      PlanValidation.statuses("http", statuses(check));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String path(HealthCheck check) {
    return check.path().isEmpty() ? "/" : check.path();
  }

  /** Without a matcher the NLB's default (ELB API, Matcher), the wider of the two. */
  private static List<String> statuses(HealthCheck check) {
    return check.matcher().isBlank()
        ? List.of("200-399")
        : List.of(check.matcher().strip().split("\\s*,\\s*"));
  }

  private static int port(HealthCheck check, TargetHealth target) {
    if (check.port().matches("[1-9]\\d{0,4}")) {
      return Integer.parseInt(check.port());
    }
    return target.healthCheckPort() > 0 ? target.healthCheckPort() : target.port();
  }
}
