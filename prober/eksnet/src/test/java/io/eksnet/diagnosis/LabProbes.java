package io.eksnet.diagnosis;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;

import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.EndpointCall;
import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.eksnet.diagnosis.LabTraffic.Reply;
import io.eksnet.lab.cluster.AwsResource.Eni;
import io.eksnet.lab.cluster.AwsResource.VpcEndpoint;
import io.eksnet.lab.cluster.Behavior.HostFault;
import io.eksnet.lab.cluster.Behavior.Ipamd;
import io.eksnet.lab.cluster.Behavior.ProbeFault;
import io.eksnet.lab.cluster.Behavior.VpcResolver;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.KubeResource.Pod.Program;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.LatencyBaseline;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.plan.FleetPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The reports of the agents in a cluster state that has lasted for a minute. The real program has
 * these results against the lab's servers. Agents probe the Services, targets and load balancers
 * that the plan assigns to them.
 */
record LabProbes(ClusterState state, LabTraffic traffic, FleetPlan plan, Instant now) {
  private static final int RESULTS = 4;
  private static final int INTERVAL_SECONDS = 15;
  private static final Map<String, String> DNS_LABELS = Map.of("k8s-app", "kube-dns");
  private static final Map<String, String> AGENT_LABELS =
      Map.of("app.kubernetes.io/name", "eksnet", "app.kubernetes.io/component", "agent");
  private static final Map<String, String> NODE_LOCAL_LABELS = Map.of("k8s-app", "node-local-dns");
  private static final Map<String, String> POD_IDENTITY_LABELS =
      Map.of("app.kubernetes.io/name", "eks-pod-identity-agent");
  private static final int MAX_INTERFACES = 3;
  private static final Set<String> SLOW = Set.of("slow", "slow_once", "slow_always", "slow_new");
  private static final long SLOW_MILLIS = 400;

  private static boolean hasNoFault(Pod pod) {
    return pod.phase().equals("Running") && pod.program().fault().equals("none");
  }

  List<AgentReport> reports() {
    return agents().stream().map(pod -> report(state.get(Node.class, pod.node()))).toList();
  }

  private List<Pod> agents() {
    return state.all(Pod.class).stream()
        .filter(pod -> pod.matches(AGENT_LABELS) && pod.serves())
        .toList();
  }

  private AgentReport report(Node node) {
    var windows = new ArrayList<ResultWindow>();
    dns(windows, node);
    for (var peer : agents()) {
      if (!peer.node().equals(node.name())) {
        var zone = state.get(Node.class, peer.node()).zone();
        windows.add(window(new PodKey(peer.node(), node.zone(), zone), hasNoFault(peer)));
      }
    }
    plan.forNode(node.name()).stream()
        .flatMap(assigned -> assigned.assignments().stream())
        .flatMap(assignment -> assigned(assignment, node))
        .forEach(windows::add);
    windows.add(window(new StsKey(), resolvesExternalNames(), "timeout", Phase.RESOLVE));
    return new AgentReport(
        node.name(),
        node.zone(),
        windows.stream().map(window -> withFault(window, node)).toList(),
        host(node));
  }

  /** If several faults match, the one with the longest name applies, as the most specific. */
  private ResultWindow withFault(ResultWindow window, Node node) {
    return fault(name(window.key()), node)
        .or(() -> takesTheRouteOfSts(window.key()) ? fault("sts", node) : Optional.empty())
        .map(fault -> withFault(window, fault))
        .orElse(window);
  }

  private Optional<ProbeFault> fault(String name, Node node) {
    return state.all(ProbeFault.class).stream()
        .filter(fault -> fault.zone().isEmpty() || fault.zone().equals(node.zone()))
        .filter(fault -> fault.node().isEmpty() || fault.node().equals(node.name()))
        .filter(fault -> name.startsWith(fault.probe()))
        .max(comparing(fault -> fault.probe().length()));
  }

  /** Without a VPC endpoint, STS and others are behind the same NAT gateway. */
  private boolean takesTheRouteOfSts(SeriesKey key) {
    return key instanceof EndpointKey endpoint
        && !endpoint.service().equals("kube-apiserver")
        && !hasVpcEndpoint("sts")
        && !hasVpcEndpoint(endpoint.service());
  }

  private boolean hasVpcEndpoint(String service) {
    return state.all(VpcEndpoint.class).stream()
        .anyMatch(endpoint -> endpoint.service().equals(service));
  }

  private ResultWindow withFault(ResultWindow window, ProbeFault fault) {
    if (SLOW.contains(fault.outcome())) {
      return slow(window, fault.outcome().equals("slow_once") ? 1 : RESULTS);
    }
    var answered = Set.of("success", "retried").contains(fault.outcome());
    var phase =
        fault.phase().isEmpty()
            ? Phase.PROCESSING
            : Phase.valueOf(fault.phase().toUpperCase(Locale.ROOT));
    return results(
        window.key(),
        at ->
            answered
                ? success(at, fault.outcome().equals("retried"))
                : new Result(at, fault.outcome(), phase, 0, false, false, 0, Map.of()));
  }

  /** The newest results, as far as they are successes, take {@link #SLOW_MILLIS}. */
  private static ResultWindow slow(ResultWindow window, int newest) {
    return new ResultWindow(
        window.key(),
        IntStream.range(0, window.results().size())
            .mapToObj(i -> slow(window.results().get(i), i < newest))
            .toList());
  }

  private static Result slow(Result result, boolean slow) {
    return new Result(
        result.at(),
        result.outcome(),
        result.phase(),
        result.code(),
        result.byLoadBalancer(),
        result.retried(),
        slow && result.succeeded() ? SLOW_MILLIS : result.took(),
        result.addresses());
  }

  /**
   * What the leader has measured for an hour: the same reports, without what is slow since a
   * minute.
   */
  List<LatencyBaseline> baselines() {
    var before = state;
    for (var fault : state.all(ProbeFault.class)) {
      if (Set.of("slow", "slow_once").contains(fault.outcome())) {
        before = before.without(ProbeFault.class, fault.key());
      }
    }
    var reports = new LabProbes(before, traffic, plan, now).reports();
    var isNew =
        state.all(ProbeFault.class).stream().anyMatch(it -> it.outcome().equals("slow_new"));
    var interval = Duration.ofSeconds(10);
    var baselines = LatencyBaselines.none(interval);
    for (var i = 0; i < (isNew ? 20 : 40); i++) {
      baselines = baselines.with(reports, now.plus(interval.multipliedBy(i)));
    }
    return baselines.usual();
  }

  private static String name(SeriesKey key) {
    return key.fold(
        new SeriesKey.Cases<>(
            probe -> String.join(" ", "probe", probe.probe(), probe.target()),
            dns -> String.join(" ", "dns", dns.proto(), dns.path(), dns.queryClass(), dns.server()),
            service ->
                String.join(" ", "service", service.namespace(), service.service(), service.via()),
            pod -> String.join(" ", "pod", pod.targetZone(), pod.peer()),
            target -> String.join(" ", "target", target.targetGroup(), target.address()),
            lb -> String.join(" ", "lb", lb.lb(), lb.listener()),
            component -> "component " + component.suite(),
            sts -> "sts",
            endpoint -> "endpoint " + endpoint.service()));
  }

  private Stream<ResultWindow> assigned(Assignment assignment, Node node) {
    if (assignment instanceof TargetCall call) {
      var reply = traffic.to(call);
      return Stream.of(window(new TargetKey(call.targetGroup(), call.address()), turn -> reply));
    } else if (assignment instanceof LbCall call) {
      var key =
          new LbKey(call.lb(), call.port() + (call.host().isEmpty() ? "" : " " + call.host()));
      return Stream.of(
          resolvesExternalNames()
              ? new ResultWindow(
                  key, IntStream.range(0, RESULTS).mapToObj(turn -> result(call, turn)).toList())
              : window(key, false, "timeout", Phase.RESOLVE));
    }
    if (assignment instanceof ServiceCall call) {
      return service(state.get(KubeService.class, call.namespace() + "/" + call.service()), node);
    }
    if (assignment instanceof EndpointCall call) {
      return Stream.of(
          window(
              new EndpointKey(call.service()), resolvesExternalNames(), "timeout", Phase.RESOLVE));
    }
    return Stream.empty();
  }

  /** Each address of the load balancer is tried; the worst result counts. */
  private Result result(LbCall call, int turn) {
    var outcomes = new LinkedHashMap<String, String>();
    var worst = traffic.to(call, turn);
    for (var place : traffic.loadBalancer(call).places()) {
      var reply = traffic.to(call, place, turn);
      outcomes.put(place.address(), reply.outcome());
      worst = worst.succeeded() ? reply : worst;
    }
    var result = result(turn, worst);
    return new Result(
        result.at(),
        result.outcome(),
        result.phase(),
        result.code(),
        result.byLoadBalancer(),
        result.retried(),
        result.took(),
        outcomes);
  }

  private void dns(List<ResultWindow> windows, Node node) {
    for (var queryClass : List.of("internal", "negative", "aws", "external")) {
      var upstream = queryClass.equals("aws") || queryClass.equals("external");
      var key = new DnsKey("service", "", queryClass, "A", "udp");
      windows.add(
          upstream && answersClusterNames()
              ? window(key, vpcResolverAnswers(), "servfail")
              : window(key, answersClusterNames(), failureOfClusterNames()));
      if (upstream) {
        windows.add(
            window(
                new DnsKey("vpc_resolver", "169.254.169.253", queryClass, "A", "udp"),
                vpcResolverAnswers()));
      }
    }
    for (var pod : dnsPods()) {
      for (var proto : List.of("udp", "tcp")) {
        windows.add(
            window(
                new DnsKey("backend", pod.ip(), "internal", "A", proto),
                hasNoFault(pod),
                outcome(pod)));
      }
    }
    windows.add(window(new DnsKey("service", "", "internal", "A", "tcp"), answersClusterNames()));
    state.all(Pod.class).stream()
        .filter(pod -> pod.matches(NODE_LOCAL_LABELS) && pod.node().equals(node.name()))
        .map(pod -> pod.serves() && hasNoFault(pod))
        .map(ok -> window(new DnsKey("nodelocal", "169.254.20.10", "internal", "A", "udp"), ok))
        .forEach(windows::add);
  }

  private List<Pod> dnsPods() {
    return state.all(Pod.class).stream()
        .filter(pod -> pod.matches(DNS_LABELS) && !pod.ip().isEmpty())
        .toList();
  }

  /** Retries reach another pod, so one that answers is enough. */
  private boolean answersClusterNames() {
    return dnsPods().stream().anyMatch(pod -> pod.serves() && hasNoFault(pod));
  }

  /** kube-proxy refuses connections to a Service without ready endpoints. */
  private String failureOfClusterNames() {
    return dnsPods().stream()
        .filter(Pod::serves)
        .map(LabProbes::outcome)
        .findFirst()
        .orElse("conn_refused");
  }

  /** The outcome of queries to a pod whose program has a fault. */
  private static String outcome(Pod pod) {
    return switch (pod.program().fault()) {
      case "refuse" -> "conn_refused";
      case "servfail" -> "servfail";
      default -> "timeout";
    };
  }

  private boolean vpcResolverAnswers() {
    return state.all(VpcResolver.class).stream().allMatch(it -> it.fault().equals("none"));
  }

  private boolean resolvesExternalNames() {
    return answersClusterNames() && vpcResolverAnswers();
  }

  private Stream<ResultWindow> service(KubeService service, Node node) {
    var answers =
        service.backendsFrom(node.name(), state).stream()
            .anyMatch(
                pod ->
                    pod.runs(Program.Kind.WEB)
                        && traffic.connect(pod.ip(), pod.ports().get(0).port()).succeeded());
    var byAddress = new ServiceKey(service.namespace(), service.name(), "cluster_ip");
    var byName = new ServiceKey(service.namespace(), service.name(), "name");
    return Stream.of(
        window(byAddress, answers),
        answersClusterNames()
            ? window(byName, answers)
            : window(byName, false, "timeout", Phase.RESOLVE));
  }

  private HostReport host(Node node) {
    var fault =
        state
            .find(HostFault.class, node.name())
            .orElseGet(() -> new HostFault(node.name(), false, false, Map.of()));
    var drops = new HashMap<>(Map.of("linklocal", 0L, "conntrack", 0L));
    drops.putAll(fault.drops());
    var ipamd =
        state
            .find(Ipamd.class, node.name())
            .orElseGet(() -> new Ipamd(node.name(), true, 0, Map.of()));
    var interfaces =
        state.all(Eni.class).stream()
            .filter(eni -> eni.instanceId().equals(node.instanceId()))
            .toList();
    var total =
        interfaces.stream()
            .mapToInt(eni -> eni.addresses().size() - 1 + 16 * eni.prefixes().size())
            .sum();
    var assigned =
        Math.toIntExact(
            state.all(Pod.class).stream()
                .filter(pod -> pod.node().equals(node.name()))
                .filter(pod -> !pod.hostNetwork() && !pod.ip().isEmpty())
                .count());
    return new HostReport(
        Optional.of(!fault.wrongNameserver()),
        Optional.of(runsPodIdentityAgent(node)),
        Optional.of(ipamd.up()),
        Optional.of(
            new AddressPool(
                total,
                assigned,
                interfaces.size(),
                MAX_INTERFACES,
                ipamd.noAddress(),
                ipamd.apiErrors().entrySet().stream()
                    .collect(toMap(one -> one.getKey().replace(' ', '/'), Map.Entry::getValue)))),
        drops,
        privateEndpoints(fault),
        Map.of());
  }

  private Map<String, Boolean> privateEndpoints(HostFault fault) {
    var all = new HashMap<String, Boolean>();
    all.put("sts", hasPrivateDns("sts") && !fault.publicSts());
    plan.byNode().values().stream()
        .flatMap(assigned -> assigned.assignments().stream())
        .filter(EndpointCall.class::isInstance)
        .map(call -> ((EndpointCall) call).service())
        .distinct()
        .forEach(
            service ->
                all.put(service, service.equals("kube-apiserver") || hasPrivateDns(service)));
    return all;
  }

  private boolean runsPodIdentityAgent(Node node) {
    return state.all(Pod.class).stream()
        .filter(pod -> pod.matches(POD_IDENTITY_LABELS))
        .anyMatch(pod -> pod.node().equals(node.name()) && pod.serves() && hasNoFault(pod));
  }

  private boolean hasPrivateDns(String service) {
    return state.all(VpcEndpoint.class).stream()
        .anyMatch(endpoint -> endpoint.service().equals(service) && endpoint.privateDns());
  }

  private ResultWindow window(SeriesKey key, IntFunction<Reply> replies) {
    return new ResultWindow(
        key,
        IntStream.range(0, RESULTS).mapToObj(turn -> result(turn, replies.apply(turn))).toList());
  }

  private Result result(int turn, Reply reply) {
    return new Result(
        at(turn),
        reply.outcome(),
        reply.phase(),
        reply.code(),
        reply.byLoadBalancer(),
        false,
        reply.succeeded() ? reply.after().toMillis() : 0,
        Map.of());
  }

  private Instant at(int turn) {
    return now.minusSeconds(2 + (long) INTERVAL_SECONDS * turn);
  }

  private ResultWindow window(SeriesKey key, boolean success) {
    return window(key, success, "timeout");
  }

  private ResultWindow window(SeriesKey key, boolean success, String failure) {
    return window(key, success, failure, Phase.PROCESSING);
  }

  private ResultWindow window(SeriesKey key, boolean success, String failure, Phase phase) {
    return results(
        key,
        at ->
            success
                ? success(at, false)
                : new Result(at, failure, phase, 0, false, false, 0, Map.of()));
  }

  private static Result success(Instant at, boolean retried) {
    return new Result(at, "success", Phase.PROCESSING, 200, false, retried, 3, Map.of());
  }

  private ResultWindow results(SeriesKey key, Function<Instant, Result> result) {
    return new ResultWindow(
        key, IntStream.range(0, RESULTS).mapToObj(this::at).map(result).toList());
  }
}
