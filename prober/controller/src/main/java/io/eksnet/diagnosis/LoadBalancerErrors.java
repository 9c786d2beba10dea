package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** R28 to R32, R34: requests through a load balancer get 5xx responses. */
final class LoadBalancerErrors implements TargetGroupRule {
  private static final int MIN_RARE_ERRORS = 4;

  /** Errors of one moment are an outage, not a race of each few requests. */
  private static final Duration RARE_SPREAD = Duration.ofMinutes(20);

  private static final Duration ROLLOUT_START = Duration.ofMinutes(1);

  /** A deregistration delay of 5 minutes, after the start of another pod. */
  private static final Duration ROLLOUT = Duration.ofMinutes(8);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(TargetGroupRule.super.apply(evidence), applicationErrors(evidence));
  }

  @Override
  public Stream<Finding.Builder> apply(TargetGroupView group) {
    return Stream.of(
            failingOpen(group),
            rolloutWithoutDrain(group),
            keepaliveTooShort(group),
            noTargets(group))
        .flatMap(Optional::stream);
  }

  /** Whether the last two responses had this code and were sent by the load balancer itself. */
  private static boolean steadily(int code, ResultWindow window) {
    return window.failing()
        && window.results().stream().limit(2).allMatch(result -> isOwn(code, result));
  }

  private static boolean isOwn(int code, Result result) {
    return result.code() == code && result.byLoadBalancer();
  }

  private static boolean anySucceeded(ResultWindow window) {
    return window.results().stream().anyMatch(Result::succeeded);
  }

  /**
   * With no healthy target, a load balancer sends requests to all of them. An application load
   * balancer responds 504 when the connection takes 10 s, and later when the response does; agents
   * may stop waiting first. A network load balancer forwards the connection.
   */
  private static Optional<Finding.Builder> failingOpen(TargetGroupView group) {
    var registered = group.registered();
    var silent = registered.stream().filter(target -> isSilent(group, target)).count();
    var errors = group.lbResults().matching(window -> isUnanswered(window, group.isNetwork()));
    if (registered.isEmpty() || silent < registered.size() || errors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        group
            .finding(RootCause.TARGET_GROUP_FAILING_OPEN, 90)
            .supportedIf(!isInstances(group) || group.service().isPresent())
            .evidence(
                "all %d registered targets are unhealthy with %s"
                    .formatted(registered.size(), registered.get(0).reason()))
            .evidence(
                "requests through the load balancer get %s on %s"
                    .formatted(
                        anyOwn(504, errors) ? "504 of the load balancer itself" : "no response",
                        FindingText.share(errors.nodes(), group.lbResults().nodes())))
            .excludes("not a response of the application")
            .fix("fix what makes health checks time out: security group, port or application"));
  }

  private static boolean isSilent(TargetGroupView group, TargetHealth target) {
    return target.state().equals("unhealthy") && group.mayBeSilent(target);
  }

  private static boolean isUnanswered(ResultWindow window, boolean network) {
    return window.failing()
        && window.results().stream()
            .limit(2)
            .allMatch(
                result ->
                    isOwn(504, result)
                        || (result.outcome().equals("timeout")
                            && (network || result.phase().compareTo(Phase.CONNECT) > 0)));
  }

  private static boolean anyOwn(int code, ProbeResults<LbKey> results) {
    return results.series().stream()
        .flatMap(one -> one.window().last().stream())
        .anyMatch(last -> isOwn(code, last));
  }

  private static Optional<Finding.Builder> rolloutWithoutDrain(TargetGroupView group) {
    var draining = group.inState("draining").size();
    var errors =
        group.lbResults().matching(window -> sinceDraining(group, window).findAny().isPresent());
    if (draining == 0 || errors.isEmpty() || !group.inState("unhealthy").isEmpty()) {
      return Optional.empty();
    }
    var count = errors.series().stream().flatMap(one -> sinceDraining(group, one.window())).count();
    return Optional.of(
        group
            .finding(RootCause.ROLLOUT_WITHOUT_DRAIN, 80)
            .supportedIf(group.drainingAfter().isPresent())
            .supportedIf(count > 1)
            .evidence("%d targets are draining".formatted(draining))
            .evidence(
                "the load balancer itself responded 502 to " + FindingText.list(errors.nodes()))
            .fix(
                "add a preStop sleep to the pods that is longer than deregistration takes",
                "inject readiness gates (elbv2.k8s.aws/pod-readiness-gate-inject=enabled)",
                "raise deregistration_delay.timeout_seconds above the longest request"));
  }

  /** Single 502 responses after targets started to drain: earlier ones have another cause. */
  private static Stream<Result> sinceDraining(TargetGroupView group, ResultWindow window) {
    return window.results().stream()
        .filter(result -> isOwn(502, result) && anySucceeded(window))
        .filter(result -> group.drainingAfter().map(result.at()::isAfter).orElse(true));
  }

  /**
   * 502 of the load balancer although all targets are healthy. A keep-alive that is shorter than
   * its idle timeout breaks few requests, but does so all the time; where every request fails,
   * targets close each connection, or send responses that it refuses.
   */
  private static Optional<Finding.Builder> keepaliveTooShort(TargetGroupView group) {
    var healthy = group.healthy().size();
    var registered = group.registered().size();
    if (registered == 0 || healthy < registered) {
      return Optional.empty();
    }
    var draining = registered < group.targets().size();
    var steady = group.lbResults().matching(window -> isSteady502(window, draining));
    return (steady.isEmpty() ? rare502(group) : Optional.of(steady502(group, steady, draining)))
        .map(finding -> finding.evidence("all %d targets are healthy".formatted(healthy)));
  }

  private static Finding.Builder steady502(
      TargetGroupView group, ProbeResults<LbKey> errors, boolean draining) {
    return group
        .finding(RootCause.KEEPALIVE_SHORTER_THAN_IDLE, 70)
        .evidence(
            "the load balancer itself responds 502 to "
                + FindingText.share(errors.nodes(), group.lbResults().nodes()))
        .excludes(
            draining
                ? "not the rollout: no request succeeds"
                : "not a rollout: no target is draining")
        .fix(
            "check whether targets close connections without a response, and whether their headers"
                + " are malformed or larger than 32 KiB",
            keepaliveStep(group),
            "check that targets complete TLS handshakes, if the target group uses HTTPS")
        .holdFor(group.twoHealthChecks()); // targets that just broke are not unhealthy yet
  }

  private static Optional<Finding.Builder> rare502(TargetGroupView group) {
    var series = group.lbResults().series();
    var errors =
        series.stream()
            .flatMap(one -> own502(one.window()))
            .map(Result::at)
            .filter(at -> !isInRollout(at, group))
            .sorted()
            .toList();
    var nodes = group.lbResults().matching(window -> own502(window).findAny().isPresent()).nodes();
    if (errors.size() < MIN_RARE_ERRORS
        || nodes.size() < Math.min(2, group.lbResults().nodes().size())
        || Duration.between(errors.get(0), errors.get(errors.size() - 1)).compareTo(RARE_SPREAD)
            < 0) {
      return Optional.empty();
    }
    return Optional.of(
        group
            .finding(RootCause.KEEPALIVE_SHORTER_THAN_IDLE, 60)
            .evidence(
                "the load balancer itself responded 502 to %d requests of the last hour, from %s"
                    .formatted(errors.size(), FindingText.share(nodes, group.lbResults().nodes())))
            .excludes("not a rollout: no pod started around these times")
            .fix(
                keepaliveStep(group),
                "check whether the application crashes or closes connections under load"));
  }

  private static String keepaliveStep(TargetGroupView group) {
    return "set the keep-alive timeout of the application above the idle timeout of the load"
        + " balancer (%s)"
            .formatted(
                group.loadBalancers().stream()
                    .flatMap(lb -> lb.idleTimeout().stream())
                    .findFirst()
                    .map(timeout -> timeout.toSeconds() + " s")
                    .orElse("60 s by default"));
  }

  private static Stream<Result> own502(ResultWindow window) {
    return Stream.concat(
            window.results().stream(), window.earlierErrors().stream().flatMap(List::stream))
        .filter(result -> isOwn(502, result));
  }

  /** Whether pods were replaced at this time: old ones end after new ones started. */
  private static boolean isInRollout(Instant at, TargetGroupView group) {
    var whileDraining =
        !group.inState("draining").isEmpty()
            && group.drainingAfter().filter(at::isAfter).isPresent();
    return whileDraining
        || group.podStarts().stream()
            .anyMatch(
                start ->
                    at.isAfter(start.minus(ROLLOUT_START)) && at.isBefore(start.plus(ROLLOUT)));
  }

  private static boolean isSteady502(ResultWindow window, boolean draining) {
    return steadily(502, window) && !(draining && anySucceeded(window));
  }

  /**
   * No target serves. A Service without pods, or whose pods all terminate, is scaled to zero. One
   * whose pods are all new is scaling up. Neither is a fault.
   */
  private static Optional<Finding.Builder> noTargets(TargetGroupView group) {
    var endpoints = group.endpoints().orElse(List.of());
    if (endpoints.isEmpty() || !group.hasSettledPod()) {
      return Optional.empty();
    }
    var ready = endpoints.stream().filter(Endpoint::ready).count();
    if (ready == 0 && failsBehindNodePorts(group)) {
      return noReadyEndpoints(
          "no instance is healthy, and requests through the load balancer fail", group);
    } else if (!group.registered().isEmpty()
        || group.lbResults().matching(window -> steadily(503, window)).isEmpty()) {
      return Optional.empty();
    }
    return ready == 0
        ? noReadyEndpoints("the load balancer itself responds 503, no target is registered", group)
        : notRegistered(ready, group);
  }

  /**
   * Instances stay registered when pods are not ready: kube-proxy then refuses connections to their
   * node ports.
   */
  private static boolean failsBehindNodePorts(TargetGroupView group) {
    return isInstances(group)
        && group.healthy().isEmpty()
        && !group.lbResults().failing().isEmpty();
  }

  /** Instances may be unhealthy by design; their Service decides. */
  private static boolean isInstances(TargetGroupView group) {
    return group.group().targetType().equals("instance");
  }

  private static Optional<Finding.Builder> noReadyEndpoints(String symptom, TargetGroupView group) {
    return group
        .service()
        .map(
            service ->
                group
                    .finding(RootCause.NO_READY_ENDPOINTS, 95)
                    .supportedBy(group.inventory(), Resources.SERVICES)
                    .evidence(symptom)
                    .evidence(
                        "the Service %s/%s has %d pods, none is ready"
                            .formatted(
                                service.namespace(),
                                service.name(),
                                group.endpoints().map(List::size).orElse(0)))
                    .excludes("not the load balancer: no pod can serve its requests")
                    .fix(
                        "kubectl -n %s get pods, and check why they are not ready"
                            .formatted(service.namespace())));
  }

  private static Optional<Finding.Builder> notRegistered(long ready, TargetGroupView group) {
    return group
        .service()
        .map(
            service ->
                group
                    .finding(RootCause.TARGETS_NOT_REGISTERED, 85)
                    .supportedBy(
                        group.inventory(), Resources.SERVICES, Resources.TARGET_GROUP_BINDINGS)
                    .evidence("the load balancer itself responds 503, no target is registered")
                    .evidence(
                        "the Service %s/%s has %d ready pods"
                            .formatted(service.namespace(), service.name(), ready))
                    .excludes("not the application: its pods are ready")
                    .fix(
                        "check the events of the TargetGroupBinding: BackendNotFound,"
                            + " FailedReconcile",
                        "check that the AWS Load Balancer Controller runs and may call"
                            + " RegisterTargets"));
  }

  private static Stream<Finding> applicationErrors(EvidenceIndex evidence) {
    return evidence.results(LbKey.class).groupBy(one -> one.key().lb()).entrySet().stream()
        .flatMap(lb -> applicationError(lb.getKey(), lb.getValue()).stream());
  }

  private static Optional<Finding> applicationError(String lb, ProbeResults<LbKey> all) {
    var failing = all.matching(LoadBalancerErrors::failsInTarget);
    var byListener = failing.groupBy(one -> one.key().listener());
    return byListener.entrySet().stream()
        .max(Comparator.comparing(listener -> listener.getValue().size()))
        .map(listener -> applicationError(lb, listener.getKey(), all, failing));
  }

  private static Finding applicationError(
      String lb, String listener, ProbeResults<LbKey> all, ProbeResults<LbKey> failing) {
    var same = all.where(path -> path.listener().equals(listener));
    var affected = failing.where(path -> path.listener().equals(listener));
    var code =
        affected.series().stream()
            .flatMap(one -> one.window().last().stream())
            .mapToInt(Result::code)
            .max()
            .orElse(0);
    var listeners = failing.values(one -> one.key().listener()).size();
    return Finding.builder(RootCause.APPLICATION_ERROR, "lb/" + lb, 90)
        .supportedIf(affected.nodes().size() > 1 || same.nodes().size() == 1)
        .evidence(
            "an application behind %s responds %d at %s to %s"
                .formatted(lb, code, listener, FindingText.share(affected.nodes(), same.nodes())))
        .evidenceIf(
            listeners > 1, "so do others of its %d listeners and hosts".formatted(listeners))
        .excludes("not the load balancer: a target sent the response")
        .fix("check the logs of the application")
        .build();
  }

  /**
   * Whether targets sent the last two responses with a 5xx code. By default such a probe succeeds:
   * the load balancer works.
   */
  private static boolean failsInTarget(ResultWindow window) {
    return window.results().size() >= 2
        && window.results().stream()
            .limit(2)
            .allMatch(result -> result.code() >= 500 && !result.byLoadBalancer());
  }
}
