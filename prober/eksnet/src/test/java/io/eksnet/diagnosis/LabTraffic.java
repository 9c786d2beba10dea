package io.eksnet.diagnosis;

import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.lab.alb.SecurityGroupSimulation;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.AwsResource.TargetGroup.HealthCheck;
import io.eksnet.lab.cluster.AwsResource.TargetGroup.Target;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.KubeResource.Pod.Program;
import io.eksnet.lab.cluster.NodePort;
import io.eksnet.model.Phase;
import io.eksnet.plan.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What clients get from the targets and load balancers of a cluster state: a calculation of what
 * {@link io.eksnet.lab.LabWebServer} and the servers of {@link io.eksnet.lab.alb} do in real time.
 *
 * @param before targets that it had and {@code state} has not are draining
 */
record LabTraffic(ClusterState state, ClusterState before) {
  /** Application load balancers give up a connection after this, and a response after a minute. */
  private static final Duration LB_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration LB_IDLE_TIMEOUT = Duration.ofMinutes(1);

  /** A shorter deregistration delay is over when the state is read. */
  private static final Duration MIN_DRAIN = Duration.ofMinutes(1);

  private static final Set<String> PAGES = Set.of("", "ok", "echo", "body", "headers");

  /** The end of a request. */
  record Reply(String outcome, Phase phase, int code, boolean byLoadBalancer, Duration after) {
    static final Reply REFUSED = failed("conn_refused", Phase.CONNECT);
    static final Reply DROPPED = failed("timeout", Phase.CONNECT);
    static final Reply STALLED = failed("timeout", Phase.PROCESSING);
    static final Reply RESET = failed("reset", Phase.PROCESSING);
    static final Reply GARBAGE = failed("http_protocol", Phase.PROCESSING);
    static final Reply CONNECTED =
        new Reply("success", Phase.CONNECT, 0, false, Duration.ofMillis(3));

    static Reply failed(String outcome, Phase phase) {
      return new Reply(outcome, phase, 0, false, Duration.ZERO);
    }

    static Reply code(int code, Duration after) {
      return new Reply("success", Phase.PROCESSING, code, false, after);
    }

    static Reply ofLoadBalancer(int code, Duration after) {
      return new Reply(
          code >= 500 ? "http_status" : "success", Phase.PROCESSING, code, true, after);
    }

    boolean succeeded() {
      return outcome.equals("success");
    }

    private Reply within(Duration timeout) {
      return after.compareTo(timeout) >= 0 ? STALLED : this;
    }

    private Reply unexpected() {
      return new Reply("http_status", phase, code, byLoadBalancer, Duration.ZERO);
    }
  }

  /**
   * A request to a target.
   *
   * @param onlyConnects it opens a connection and sends nothing
   * @param grpc codes are those of gRPC
   */
  private record Request(boolean onlyConnects, String path, boolean tls, boolean grpc) {
    static final Request CONNECTION = new Request(true, "", false, false);

    static Request ofHealthCheck(TargetGroup group) {
      var check = group.healthCheck();
      return new Request(
          check.protocol().equals("TCP"),
          check.path(),
          check.protocol().equals("HTTPS"),
          group.protocolVersion().equals("GRPC"));
    }
  }

  /** The probe of a target by an agent. */
  Reply to(TargetCall call) {
    if (call.protocol().equals("tcp")) {
      return connect(call.address(), call.port());
    }
    var reply =
        request(call.address(), call.port(), call.path(), call.protocol().equals("https"))
            .within(Cluster.SUITES.target().timeout());
    return reply.succeeded() && !accepts(String.join(",", call.statuses()), reply.code())
        ? reply.unexpected()
        : reply;
  }

  /**
   * The probe of a load balancer by an agent.
   *
   * @param turn the number of the request: targets take turns
   */
  Reply to(LbCall call, int turn) {
    var lb = loadBalancer(call);
    if (call.verify() && lb.certificate().equals("expired")) {
      return Reply.failed("tls_expired", Phase.TLS);
    } else if (call.verify() && lb.certificate().equals("other_name")) {
      return Reply.failed("tls_name", Phase.TLS);
    }
    return group(lb, call)
        .map(group -> forward(lb, group, call, turn))
        .orElseGet(() -> Reply.ofLoadBalancer(404, Duration.ofMillis(2)))
        .within(Cluster.SUITES.lb().timeout());
  }

  /** The same at one of its addresses. */
  Reply to(LbCall call, LoadBalancer.Place place, int turn) {
    return switch (place.fault()) {
      case "" -> to(call, turn);
      case "refuse" -> Reply.REFUSED;
      default -> Reply.DROPPED;
    };
  }

  LoadBalancer loadBalancer(LbCall call) {
    return state.all(LoadBalancer.class).stream()
        .filter(one -> one.name().equals(call.lb()))
        .findFirst()
        .orElseThrow();
  }

  private Optional<TargetGroup> group(LoadBalancer lb, LbCall call) {
    return lb.listeners().stream()
        .filter(listener -> listener.port() == call.port())
        .flatMap(listener -> listener.rules().stream())
        .filter(rule -> rule.host().isEmpty() || rule.host().equalsIgnoreCase(call.host()))
        .filter(rule -> call.path().startsWith(rule.path()))
        .findFirst()
        .map(rule -> state.get(TargetGroup.class, rule.targetGroupArn()));
  }

  /** To a healthy target; without any, to one of the others (fail open). */
  private Reply forward(LoadBalancer lb, TargetGroup group, LbCall call, int turn) {
    var all = health(group.arn());
    var healthy = targets(all, Set.of("healthy", "unavailable"));
    var targets = healthy.isEmpty() ? targets(all, Set.of("unhealthy", "initial")) : healthy;
    if (lb.type().equals("network")) {
      return targets.isEmpty()
          ? Reply.DROPPED
          : reach(lb, targets.get(turn % targets.size()), Request.CONNECTION);
    }
    if (targets.isEmpty()) {
      return Reply.ofLoadBalancer(503, Duration.ofMillis(2));
    }
    var reply =
        reach(
            lb,
            targets.get(turn % targets.size()),
            new Request(false, call.path(), group.protocol().equals("HTTPS"), false));
    return switch (reply.outcome()) {
      case "success" -> reply;
      case "timeout" ->
          Reply.ofLoadBalancer(
              504, reply.phase() == Phase.CONNECT ? LB_CONNECT_TIMEOUT : LB_IDLE_TIMEOUT);
      default -> Reply.ofLoadBalancer(502, Duration.ofMillis(5));
    };
  }

  private static List<Target> targets(List<TargetHealth> all, Set<String> states) {
    return all.stream()
        .filter(target -> states.contains(target.state()))
        .map(TargetHealth::target)
        .toList();
  }

  private Reply reach(LoadBalancer lb, Target target, Request request) {
    return reach(lb, target, target.port(), request);
  }

  private Reply reach(LoadBalancer lb, Target target, int port, Request request) {
    var security = new SecurityGroupSimulation(state, lb);
    var address = security.address(target);
    if (!security.permits(address, port)) {
      return Reply.DROPPED;
    }
    return request.onlyConnects() ? connect(address, port) : request(address, port, request);
  }

  /** The health of the targets of a group, those that drain included. */
  List<TargetHealth> health(String arn) {
    var group = state.get(TargetGroup.class, arn);
    var draining =
        before.find(TargetGroup.class, arn).stream()
            .flatMap(was -> was.targets().stream())
            .filter(target -> !group.targets().contains(target))
            .filter(target -> group.drain().compareTo(MIN_DRAIN) >= 0)
            .map(
                target ->
                    health(
                        group,
                        target,
                        "draining",
                        "Target.DeregistrationInProgress",
                        "Target deregistration is in progress"));
    return Stream.concat(group.targets().stream().map(target -> health(group, target)), draining)
        .toList();
  }

  /** With the reason codes and descriptions of the ELB API. */
  private TargetHealth health(TargetGroup group, Target target) {
    var lb =
        state.all(LoadBalancer.class).stream()
            .filter(one -> one.forwardsTo(group.arn()))
            .findFirst();
    if (lb.isEmpty()) {
      return health(
          group,
          target,
          "unused",
          "Target.NotInUse",
          "Target group is not configured to receive traffic from the load balancer");
    } else if (lb.get().places().stream().noneMatch(at -> at.zone().equals(target.zone()))) {
      return health(
          group,
          target,
          "unused",
          "Target.NotInUse",
          "Target is in an Availability Zone that is not enabled for the load balancer");
    } else if (!group.healthCheck().enabled()) {
      return health(
          group,
          target,
          "unavailable",
          "Target.HealthCheckDisabled",
          "Health checks are disabled for this target group");
    }
    var check = group.healthCheck();
    var request = Request.ofHealthCheck(group);
    var reply = reach(lb.get(), target, check.portOf(target), request).within(check.timeout());
    if (reply.succeeded() && (request.onlyConnects() || accepts(matcher(check), reply.code()))) {
      return health(group, target, "healthy", "", "");
    }
    return unhealthy(group, target, reply);
  }

  private static TargetHealth unhealthy(TargetGroup group, Target target, Reply reply) {
    var network = !group.protocol().startsWith("HTTP");
    if (!network && reply.succeeded()) {
      return health(
          group,
          target,
          "unhealthy",
          "Target.ResponseCodeMismatch",
          "Health checks failed with these codes: [" + reply.code() + "]");
    } else if (!network && reply.outcome().equals("timeout")) {
      return health(group, target, "unhealthy", "Target.Timeout", "Request timed out");
    }
    return health(group, target, "unhealthy", "Target.FailedHealthChecks", "Health checks failed");
  }

  private static TargetHealth health(
      TargetGroup group, Target target, String state, String reason, String description) {
    return new TargetHealth(target, group.healthCheck().portOf(target), state, reason, description);
  }

  private static String matcher(HealthCheck check) {
    return check.matcher().isEmpty() ? "200-399" : check.matcher();
  }

  private static boolean accepts(String matcher, int code) {
    return new HealthCheck(true, "HTTP", "", "", matcher, Duration.ZERO, Duration.ZERO, 0, 0)
        .accepts(code);
  }

  /** A connection to a port of a pod, or to a node port. */
  Reply connect(String address, int port) {
    var nodePort = nodePort(address, port);
    if (nodePort.isPresent()) {
      return nodePort.get().healthCheck()
          ? Reply.CONNECTED
          : backend(nodePort.get())
              .map(pod -> connect(pod.ip(), nodePort.get().servicePort().target()))
              .orElse(nodePort.get().isLocal() ? Reply.DROPPED : Reply.REFUSED);
    }
    var server = server(address, port);
    if (server.isEmpty()) {
      return servers(address).findAny().isPresent() ? Reply.REFUSED : Reply.DROPPED;
    }
    return switch (server.get().program().fault()) {
      case "refuse" -> Reply.REFUSED;
      case "drop" -> Reply.DROPPED;
      default -> Reply.CONNECTED;
    };
  }

  /** kube-proxy sends connections to ready pods in turn. */
  private Optional<Pod> backend(NodePort nodePort) {
    return nodePort.backends(state).stream().findFirst();
  }

  private Optional<NodePort> nodePort(String address, int port) {
    return NodePort.in(state).stream()
        .filter(one -> one.node().address().equals(address) && one.port() == port)
        .findFirst();
  }

  private Reply request(String address, int port, String path, boolean tls) {
    return request(address, port, new Request(false, path, tls, false));
  }

  private Reply request(String address, int port, Request request) {
    var nodePort = nodePort(address, port);
    if (nodePort.isPresent()) {
      return request(nodePort.get(), request);
    }
    var connected = connect(address, port);
    return connected.succeeded()
        ? respond(server(address, port).orElseThrow(), request)
        : connected;
  }

  private Reply request(NodePort nodePort, Request request) {
    if (nodePort.healthCheck()) {
      return Reply.code(nodePort.hasReadyPod(state) ? 200 : 503, Duration.ofMillis(3));
    }
    return backend(nodePort)
        .map(pod -> request(pod.ip(), nodePort.servicePort().target(), request))
        .orElseGet(() -> connect(nodePort.node().address(), nodePort.port()));
  }

  private static Reply respond(Pod server, Request request) {
    var delay = Duration.ofMillis(3 + server.program().delayMillis());
    if (server.program().tls() != request.tls() && !server.program().fault().equals("drop")) {
      return request.tls() ? Reply.failed("tls_handshake", Phase.TLS) : Reply.GARBAGE;
    }
    return switch (server.program().fault()) {
      case "none", "delay" -> Reply.code(codeOf(server, request), delay);
      case "not_found" -> Reply.code(404, delay);
      case "error" -> Reply.code(500, delay);
      case "unavailable" -> Reply.code(503, delay);
      case "grpc_unavailable" -> Reply.code(request.grpc() ? 14 : 200, delay);
      case "stall", "accept_stall" -> Reply.STALLED;
      case "garbage" -> Reply.GARBAGE;
      case "close", "accept_close", "reset", "accept_reset" -> Reply.RESET;
      default -> throw new IllegalArgumentException("no reply for " + server.program());
    };
  }

  private static int codeOf(Pod server, Request request) {
    if (request.grpc()) {
      return request.path().startsWith("/grpc.health.v1.Health/") ? 0 : 12; // unimplemented
    }
    return server.runs(Program.Kind.WEB) ? codeOf(request.path()) : 200;
  }

  private static int codeOf(String path) {
    var parts = path.substring(1).split("/", 2);
    if (parts[0].equals("status")) {
      return Integer.parseInt(parts[1]);
    }
    return PAGES.contains(parts[0]) ? 200 : 404;
  }

  private Optional<Pod> server(String address, int port) {
    return servers(address)
        .filter(pod -> pod.program().kind() != Program.Kind.NONE)
        .filter(pod -> pod.ports().stream().anyMatch(one -> one.port() == port))
        .findFirst();
  }

  private Stream<Pod> servers(String address) {
    return state.all(Pod.class).stream()
        .filter(pod -> pod.ip().equals(address) && pod.phase().equals("Running"));
  }
}
