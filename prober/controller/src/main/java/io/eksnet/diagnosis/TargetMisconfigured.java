package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.HealthCheck;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.TargetHealth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** R21, R26, R27, R33: targets are reached, and the configuration does not match them. */
final class TargetMisconfigured implements TargetGroupRule {
  @Override
  public Stream<Finding.Builder> apply(TargetGroupView group) {
    return Stream.of(
            healthCheckMismatch(group),
            portWrong(group),
            protocolMismatch(group),
            zoneNotEnabled(group))
        .flatMap(Optional::stream);
  }

  private static Optional<Finding.Builder> healthCheckMismatch(TargetGroupView group) {
    var mismatching =
        group.unhealthy(target -> reportsCode(target) || isConfirmedByAgents(target, group));
    if (mismatching.isEmpty()) {
      return Optional.empty();
    }
    var confirmed =
        mismatching.stream().anyMatch(target -> !unexpectedCodes(target, group).isEmpty());
    var first = mismatching.get(0);
    var check = group.group().healthCheck();
    return Optional.of(
        group
            .finding(RootCause.TARGET_HEALTH_CHECK_MISMATCH, 90)
            .supportedIf(confirmed || mismatching.stream().allMatch(it -> isGrpc(it, group)))
            .evidence("%s: \"%s\"".formatted(group.share(mismatching), first.description()))
            .evidence(
                "the health check requests %s and accepts %s"
                    .formatted(check.path(), accepted(check)))
            .evidenceIf(
                confirmed,
                "agents that send the same request get "
                    + FindingText.list(codes(mismatching, group)))
            .excludesIf(
                mismatching.stream().allMatch(TargetMisconfigured::reportsCode),
                "not a security group: the target sent an HTTP response")
            .fix(
                "check what %s responds to a request with Host <ip>:<port>, and why"
                    .formatted(check.path()),
                group.isNetwork()
                    ? "set service.beta.kubernetes.io/aws-load-balancer-healthcheck-path or"
                        + " -healthcheck-success-codes to what the application serves"
                    : "set alb.ingress.kubernetes.io/healthcheck-path or success-codes to what the"
                        + " application serves"));
  }

  private static boolean reportsCode(TargetHealth target) {
    return target.reason().equals("Target.ResponseCodeMismatch");
  }

  /** Agents only connect where health checks use gRPC. */
  private static boolean isGrpc(TargetHealth target, TargetGroupView group) {
    return group.group().protocolVersion().equals("GRPC") && group.probes(target).allHealthy();
  }

  /** A network load balancer reports no code: agents that send the same request get it. */
  private static boolean isConfirmedByAgents(TargetHealth target, TargetGroupView group) {
    return group.isNetwork()
        && TargetGroupView.failsHealthChecks(target)
        && !group.isBlocked(target)
        && group.probes(target).healthy().isEmpty()
        && !unexpectedCodes(target, group).isEmpty();
  }

  private static ProbeResults<TargetKey> unexpectedCodes(
      TargetHealth target, TargetGroupView group) {
    return group.probes(target).failing("http_status");
  }

  private static Set<String> codes(List<TargetHealth> targets, TargetGroupView group) {
    return targets.stream()
        .flatMap(target -> unexpectedCodes(target, group).series().stream())
        .flatMap(one -> one.window().last().stream())
        .map(last -> last.code() == 0 ? "another code" : Integer.toString(last.code()))
        .collect(toCollection(TreeSet::new));
  }

  /** Without a matcher the default of a network load balancer (ELB API, Matcher). */
  private static String accepted(HealthCheck check) {
    return check.matcher().isEmpty() ? "200-399" : check.matcher();
  }

  private static Optional<Finding.Builder> portWrong(TargetGroupView group) {
    var refused =
        group.unhealthy(
            target ->
                TargetGroupView.failsHealthChecks(target)
                    && !group.probes(target).failing("conn_refused").isEmpty()
                    && !mayBeRefusedByKubeProxy(group));
    if (refused.isEmpty()) {
      return Optional.empty();
    }
    var first = refused.get(0);
    return Optional.of(
        group
            .finding(RootCause.TARGET_PORT_WRONG, 90)
            .evidence("Target.FailedHealthChecks for " + group.share(refused))
            .evidence(
                "agents get connection refused at port %d%s: no process listens on it"
                    .formatted(first.healthCheckPort(), behindNodePort(first, group)))
            .excludes("not a security group: it drops packets and does not refuse connections")
            .fix(
                listenerMissing(first, group),
                "check that the application listens on all addresses, not on 127.0.0.1"));
  }

  /** kube-proxy refuses connections to the node ports of a Service without ready pods. */
  private static boolean mayBeRefusedByKubeProxy(TargetGroupView group) {
    return group.group().targetType().equals("instance")
        && group.endpoints().orElse(List.of()).stream().noneMatch(Endpoint::ready);
  }

  private static String listenerMissing(TargetHealth target, TargetGroupView group) {
    if (isNoNodePort(target, group)) {
      return "%d is no node port of the Service: check the events of the TargetGroupBinding"
          .formatted(target.port());
    }
    if (!group.healthy().isEmpty()) {
      return "check why these pods do not listen on the port: others of the Service do";
    }
    return target.healthCheckPort() == target.port()
        ? "set targetPort of the Service to the port on which the application listens"
        : "set the annotation healthcheck-port to a port on which the application listens, or to"
            + " traffic-port";
  }

  /** kube-proxy forwards connections to a node port to a pod, which refuses them. */
  private static String behindNodePort(TargetHealth target, TargetGroupView group) {
    return group.service().map(KubeService::ports).orElse(List.of()).stream()
        .filter(port -> port.nodePort() == target.healthCheckPort())
        .flatMap(port -> port.endpointPort().stream())
        .findFirst()
        .map(" of nodes, which leads to port %d of pods"::formatted)
        .orElse("");
  }

  /** A Service that is created again has another node port. */
  private static boolean isNoNodePort(TargetHealth target, TargetGroupView group) {
    var nodePorts =
        group.service().map(KubeService::ports).orElse(List.of()).stream()
            .map(ServicePort::nodePort)
            .filter(port -> port > 0)
            .toList();
    return group.group().targetType().equals("instance")
        && !nodePorts.isEmpty()
        && !nodePorts.contains(target.port());
  }

  private static Optional<Finding.Builder> protocolMismatch(TargetGroupView group) {
    var reached =
        group.unhealthy(
            target ->
                TargetGroupView.failsHealthChecks(target)
                    && !group.isBlocked(target)
                    && !group
                        .probes(target)
                        .matching(window -> speaksOtherwise(window, group.group().healthCheck()))
                        .isEmpty());
    if (reached.isEmpty()) {
      return Optional.empty();
    }
    var proven = reached.stream().allMatch(target -> getsAnotherProtocol(group.probes(target)));
    return Optional.of(
        group
            .finding(RootCause.TARGET_PROTOCOL_MISMATCH, proven ? 85 : 70)
            .evidence("Target.FailedHealthChecks for " + group.share(reached))
            .evidence(
                proven
                    ? "agents that send the same request get a response of another protocol"
                    : "agents connect to the same ports")
            .evidence(
                "the protocol of the target group is %s, that of its health check %s"
                    .formatted(group.group().protocol(), group.group().healthCheck().protocol()))
            .excludes("not a wrong port: agents connect to it")
            .excludesIf(
                !group.isNetwork(), "not a security group: the reason would be Target.Timeout")
            .excludesIf(
                group.isNetwork() && reached.stream().allMatch(group::isPermitted),
                "not a security group: the rules allow the load balancer")
            .fix(
                group.isNetwork()
                    ? "set service.beta.kubernetes.io/aws-load-balancer-backend-protocol and"
                        + " -healthcheck-protocol to the protocol of the application"
                    : "set alb.ingress.kubernetes.io/backend-protocol to the protocol of the"
                        + " application",
                "check whether it requires HTTP/2, or sends malformed HTTP responses"));
  }

  /** Whether the targets sent all agents what is no response of the expected protocol. */
  private static boolean getsAnotherProtocol(ProbeResults<TargetKey> probes) {
    return probes.allFailingWith(Set.of("http_protocol", "tls_handshake"));
  }

  /**
   * Whether an agent connected, and then the protocols did not match. A response with an unexpected
   * code and no response are no such mismatch; nor is a success, unless only the connection was
   * tried where the health check sends a request.
   */
  private static boolean speaksOtherwise(ResultWindow window, HealthCheck check) {
    return window
        .last()
        .filter(
            last ->
                last.succeeded()
                    ? last.code() == 0 && check.protocol().startsWith("HTTP")
                    : last.phase().compareTo(Phase.CONNECT) > 0
                        && !last.outcome().equals("http_status")
                        && !last.outcome().equals("timeout"))
        .isPresent();
  }

  /**
   * Targets in a zone without a subnet of the load balancer get no traffic. That may be wanted
   * where targets of other zones serve, and it is where an annotation names the subnets.
   */
  private static Optional<Finding.Builder> zoneNotEnabled(TargetGroupView group) {
    var unused =
        group.inState("unused").stream().filter(TargetMisconfigured::isForItsZone).toList();
    if (unused.isEmpty() || (!group.healthy().isEmpty() && group.hasChosenSubnets())) {
      return Optional.empty();
    }
    var zones = unused.stream().map(TargetHealth::zone).distinct().toList();
    var maybeWanted = !group.healthy().isEmpty() && !group.isEligible(zones);
    return Optional.of(
        group
            .finding(RootCause.TARGET_ZONE_NOT_ENABLED, maybeWanted ? 60 : 90)
            .supportedBy(
                group.inventory(), Resources.LB_SUBNETS, Resources.INGRESSES, Resources.SERVICES)
            .evidence(
                "%d targets are unused: \"%s\""
                    .formatted(unused.size(), unused.get(0).description()))
            .evidenceIf(
                maybeWanted,
                "no subnet in %s is eligible for the load balancer, and %d targets in other zones"
                        .formatted(FindingText.list(zones), group.healthy().size())
                    + " are healthy")
            .fix(
                maybeWanted
                    ? "tag a subnet in %s for load balancers, or keep the pods out of it"
                        .formatted(FindingText.list(zones))
                    : "add a subnet in %s to the load balancer".formatted(FindingText.list(zones)),
                "or run these pods in the zones of the load balancer only: it sends no requests to"
                    + " others, with cross-zone load balancing neither"));
  }

  private static boolean isForItsZone(TargetHealth target) {
    return target.reason().equals("Target.NotInUse")
        && target.description().toLowerCase(Locale.ROOT).contains("availability zone");
  }
}
