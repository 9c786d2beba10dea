package io.eksnet.plan;

import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.agent.plan.PlanValidation;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pods behind target groups, each from two agents, of other nodes while there are any.
 *
 * <p>Only targets of type {@code ip} that are pods of this cluster: a target whose pod is gone is
 * removed at once, though AWS still lists it. Targets in the states {@code draining}, {@code
 * initial} (the application may not listen yet) and {@code unused} (no traffic) are left out.
 */
record TargetCalls(Inventory inventory, AgentSet fleet, PlanBuilder draft) {
  private static final int MAX_TARGETS = 5_000;
  private static final Set<String> STATES = Set.of("healthy", "unhealthy", "unavailable");

  private record Behind(TargetGroup group, TargetHealth target, ServicePod pod) {
    /** In the order of its hash, so that a bound cuts some targets of each group. */
    String key() {
      return group.name() + "/" + target.id() + "/" + target.port();
    }
  }

  void plan() {
    var pods =
        inventory.list(Resources.SERVICE_PODS).stream()
            .filter(pod -> !pod.ip().isEmpty())
            .collect(Collectors.toMap(ServicePod::ip, pod -> pod, (one, other) -> one));
    var groups =
        inventory.list(Resources.TARGET_GROUPS).stream()
            .filter(group -> group.targetType().equals("ip"))
            .collect(Collectors.toMap(TargetGroup::arn, group -> group, (one, other) -> one));
    var targets =
        GroupHealth.targetsIn(inventory).stream()
            .filter(target -> STATES.contains(target.state()))
            .flatMap(target -> behind(groups, pods, target))
            .sorted(Comparator.comparing((Behind b) -> Rendezvous.hash(b.key())))
            .toList();
    draft.first(MAX_TARGETS, targets, Suite.TARGET).forEach(this::give);
  }

  private static Stream<Behind> behind(
      Map<String, TargetGroup> groups, Map<String, ServicePod> pods, TargetHealth target) {
    return Optional.ofNullable(groups.get(target.targetGroupArn()))
        .flatMap(
            group ->
                Optional.ofNullable(pods.get(target.id()))
                    .map(pod -> new Behind(group, target, pod)))
        .stream();
  }

  private void give(Behind behind) {
    draft
        .allowed(
            "target group " + behind.group().name(),
            "target " + behind.target().id(),
            () -> call(behind.group(), behind.target()))
        .ifPresent(call -> draft.give(fleet.twoFor(behind.key(), behind.pod().node()), call));
  }

  /**
   * What the health checker asks. The checks of gRPC, and of HTTP/2 without TLS, are imitated as
   * far as the connection.
   */
  private static TargetCall call(TargetGroup group, TargetHealth target) {
    var check = group.healthCheck();
    var http = check.protocol().equals("HTTP") || check.protocol().equals("HTTPS");
    var other =
        group.protocolVersion().equals("GRPC")
            || (group.protocolVersion().equals("HTTP2") && check.protocol().equals("HTTP"));
    var protocol =
        http && !other && isSayable(check) ? check.protocol().toLowerCase(Locale.ROOT) : "tcp";
    return protocol.equals("tcp")
        ? new TargetCall(group.name(), target.id(), port(check, target), "tcp", "", List.of())
        : new TargetCall(
            group.name(), target.id(), port(check, target), protocol, path(check), statuses(check));
  }

  private static boolean isSayable(HealthCheck check) {
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
