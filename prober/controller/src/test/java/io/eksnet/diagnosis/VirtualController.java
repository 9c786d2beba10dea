package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The agents and the controller of a virtual cluster, with faults that are not network faults: lost
 * samples, failed polls, agents that do not report, clock steps.
 */
final class VirtualController {
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final Duration RESULT_RETENTION = Duration.ofMinutes(5);
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(45);
  private static final Duration KUBERNETES_INTERVAL = Duration.ofSeconds(5);
  private static final Set<Resource<?>> SLOW_RESOURCES =
      Set.of(Resources.LOAD_BALANCERS, Resources.SECURITY_PATHS, Resources.TARGET_HEALTH);
  private static final int RESULTS = 4;
  private static final Evidence HEALTHY = Scene.healthy().evidence();

  private final Random random;
  private final VirtualCluster cluster;
  private final Map<String, AgentState> agents = new HashMap<>();
  private Inventory inventory = HEALTHY.inventory();
  private Duration step = Duration.ZERO;
  private int outage;
  private int rounds;

  /** The state of an agent. */
  private static final class AgentState {
    final Map<SeriesKey, List<Result>> latest = new LinkedHashMap<>();
    List<SeriesKey> plan = List.of();
    Instant lastReport = Instant.EPOCH;
  }

  VirtualController(long seed) {
    this.random = new Random(seed);
    this.cluster = new VirtualCluster(random);
  }

  /** The evidence one round later. */
  Evidence next() {
    cluster.pass(ROUND);
    rounds++;
    step = random.nextInt(300) == 0 ? Duration.ofSeconds(random.nextInt(80) - 40) : step;
    outage = random.nextInt(150) == 0 ? 1 + random.nextInt(20) : outage - 1;
    poll();
    agents.keySet().removeIf(name -> cluster.hosts.stream().noneMatch(h -> h.name.equals(name)));
    cluster.hosts.forEach(this::probe);
    var now = cluster.now.plus(step);
    return new Evidence(now, inventory.ifFresh(now), reports());
  }

  private void poll() {
    var kubernetes = cluster.kubernetes();
    kubernetes.forEach((part, value) -> read(part, value, KUBERNETES_INTERVAL));
    if (rounds % 12 == 0) {
      var minute = Duration.ofMinutes(1);
      HEALTHY.inventory().resources().stream()
          .filter(part -> !kubernetes.containsKey(part) && !SLOW_RESOURCES.contains(part))
          .forEach(part -> read(part, HEALTHY.inventory().get(part).orElseThrow(), minute));
      read(Resources.LOAD_BALANCERS, cluster.loadBalancers(), minute);
    }
    if (rounds % 60 == 0) {
      read(Resources.SECURITY_PATHS, cluster.paths(), Duration.ofMinutes(5));
    }
    if (rounds % 6 == 0) {
      var health = inventory.list(Resources.TARGET_HEALTH).get(0).targets();
      var every = Duration.ofSeconds(30);
      var next =
          fails()
              ? health.after(new Unavailable(Unavailable.Reason.THROTTLED, ""))
              : Snapshot.of(cluster.targets(), cluster.now.plus(step), every);
      inventory =
          inventory.with(
              Resources.TARGET_HEALTH,
              Snapshot.of(
                  List.of(new GroupHealth(Scene.TG_ARN, next, Optional.empty())),
                  cluster.now.plus(step),
                  every));
    }
  }

  private boolean fails() {
    return outage > 0 || random.nextInt(25) == 0;
  }

  @SuppressWarnings("unchecked") // the cluster maps a Resource<T> only to a T
  private <T> void read(Resource<T> part, Object value, Duration every) {
    inventory =
        inventory.with(
            part,
            fails()
                ? inventory.snapshot(part).after(new Unavailable(Unavailable.Reason.TIMEOUT, ""))
                : Snapshot.of((T) value, cluster.now.plus(step), every));
  }

  private AgentState state(VirtualCluster.Host host) {
    return agents.computeIfAbsent(host.name, name -> new AgentState());
  }

  private void probe(VirtualCluster.Host host) {
    var state = state(host);
    if (!cluster.agentRuns(host)) {
      state.plan = List.of();
      return;
    }
    var turn = Math.floorMod(host.name.hashCode(), 6);
    if (state.plan.isEmpty() || rounds % 6 == turn) {
      state.plan = plan(host.name);
    }
    if (rounds % 3 == turn % 3) {
      state.plan.forEach(
          subject ->
              state.latest.merge(
                  subject, List.of(run(subject, state)), VirtualController::newestFirst));
    }
    state
        .latest
        .values()
        .removeIf(seen -> seen.get(0).at().plus(RESULT_RETENTION).isBefore(cluster.now));
    if (random.nextInt(20) != 0) {
      state.lastReport = cluster.now;
    }
  }

  private static List<Result> newestFirst(List<Result> old, List<Result> run) {
    return Stream.concat(run.stream(), old.stream()).limit(RESULTS).toList();
  }

  /** One sample in fifty is lost, but never two of a series in a row: that is an outage. */
  private Result run(SeriesKey subject, AgentState state) {
    var last = state.latest.getOrDefault(subject, List.of());
    var lost = random.nextInt(50) == 0 && (last.isEmpty() || last.get(0).succeeded());
    if (random.nextInt(200) == 0) {
      return new Result(cluster.now, "not_run", Phase.RESOLVE, 0, false, false, 0, Map.of());
    }
    if (cluster.answers(subject) && !lost) {
      return new Result(
          cluster.now,
          "success",
          Phase.PROCESSING,
          200,
          false,
          random.nextInt(1_000) == 0,
          3,
          Map.of());
    }
    return subject instanceof LbKey && !cluster.answers(subject)
        ? new Result(cluster.now, "http_status", Phase.PROCESSING, 503, true, false, 0, Map.of())
        : new Result(cluster.now, "timeout", Phase.CONNECT, 0, false, false, 0, Map.of());
  }

  /** The series that an agent probes, from the last known inventory. */
  private List<SeriesKey> plan(String node) {
    var plan = new ArrayList<SeriesKey>();
    for (var window : HEALTHY.agents().get(0).windows()) {
      var subject = window.key();
      if (!(subject instanceof PodKey
          || subject instanceof TargetKey
          || (subject instanceof DnsKey dns && dns.path().equals("backend")))) {
        plan.add(subject);
      }
    }
    inventory.get(Resources.DNS_PODS).stream()
        .flatMap(List::stream)
        .forEach(pod -> plan.add(new DnsKey("backend", pod.ip(), "internal", "A", "udp")));
    inventory.get(Resources.AGENTS).stream()
        .flatMap(fleet -> fleet.agents().stream())
        .filter(agent -> agent.ready() && !agent.node().equals(node))
        .limit(4)
        .forEach(a -> plan.add(new PodKey(a.node(), Scene.zone(node), a.zone())));
    inventory.list(Resources.TARGET_HEALTH).get(0).targets().value().stream()
        .flatMap(List::stream)
        .forEach(t -> plan.add(new TargetKey(Scene.targetGroup().name(), t.id())));
    return plan;
  }

  private List<AgentReport> reports() {
    return cluster.hosts.stream()
        .filter(host -> state(host).lastReport.plus(REPORT_TIMEOUT).isAfter(cluster.now))
        .map(this::report)
        .toList();
  }

  private AgentReport report(VirtualCluster.Host host) {
    var state = state(host);
    var like = HEALTHY.agents().get(0).host();
    var ipamd = host.created.plusSeconds(100).isBefore(cluster.now);
    var report =
        new HostReport(
            like.nameserversOk(),
            like.podIdentityAgent(),
            Optional.of(ipamd),
            like.pool(),
            like.allowances(),
            like.privateEndpoints(),
            like.failingAddresses());
    var tracks = new ArrayList<ResultWindow>();
    state.latest.forEach((subject, results) -> tracks.add(new ResultWindow(subject, results)));
    return new AgentReport(host.name, Scene.zone(host.name), tracks, report);
  }
}
