package io.eksnet.bench;

import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.agent.plan.DnsSuitePlan;
import io.eksnet.agent.plan.HostSuites;
import io.eksnet.agent.plan.StsSuitePlan;
import io.eksnet.config.ProbeResourceSettings;
import io.eksnet.config.Suites;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.ResolvConf;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.schedule.FixedGrid;
import io.eksnet.web.About;
import io.eksnet.web.AcceptingTransport;
import io.eksnet.web.EndpointDependencies;
import io.eksnet.web.History;
import io.eksnet.web.ListenAddress;
import io.eksnet.web.PeerClient;
import io.eksnet.web.PlanJson;
import io.eksnet.web.SharedToken;
import io.eksnet.web.WebConfig;
import io.eksnet.web.WebServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Agents that do everything but probe: each fetches its plan at its own offset, with the real plan
 * client; one real server answers for all of them with the observations of one agent, which are all
 * successes.
 */
final class SimulatedAgents implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Agents share some clients, as none of them needs the connections of one. */
  private static final int CLIENTS = 200;

  private static final int MAX_OBSERVATIONS_PER_TARGET = 20;
  private static final int MAX_OBSERVATIONS = 20_000;

  /** The report of each agent about its node: healthy. */
  private static final HostReport HOST =
      new HostReport(
          Optional.of(true),
          Optional.of(true),
          Optional.of(true),
          Optional.of(new AddressPool(58, 21, 2, 4, 0, Map.of())),
          Map.of("linklocal", 0L, "conntrack", 0L, "bw_in", 0L, "bw_out", 0L, "pps", 0L),
          Map.of("sts", true),
          Map.of());

  private final Suites suites;
  private final Vertx asking = vertx();
  private final Vertx answering = vertx();
  private final List<PeerClient> clients;
  private final WebServer server;
  private final CountingRelay plans;
  private final CountingRelay reports;
  private final History history = new History(MAX_OBSERVATIONS_PER_TARGET, MAX_OBSERVATIONS);
  private final Map<String, String> etags = new ConcurrentHashMap<>();
  private final LongAdder same = new LongAdder();
  private final LongAdder others = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile int controller;
  private volatile boolean closed;
  private volatile List<Task> tasks = List.of();

  SimulatedAgents(Suites suites, Path tokenFile) {
    this.suites = suites;
    var token = new SharedToken(Optional.of(tokenFile), Clock.systemUTC());
    token.reload();
    clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(
                i ->
                    new PeerClient(
                        asking, token, Optional.empty(), "eksnet", PlanJson.MAX_LENGTH, TIMEOUT))
            .toList();
    server =
        Waiting.on(
            WebServer.start(
                answering,
                ListenAddress.parse("127.0.0.1:0"),
                WebConfig.OPEN,
                sources(token),
                false));
    plans = new CountingRelay("127.0.0.1", () -> controller);
    reports = new CountingRelay("0.0.0.0", server::port);
  }

  private static Vertx vertx() {
    return AcceptingTransport.vertx(
        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  }

  private EndpointDependencies sources(SharedToken token) {
    return new EndpointDependencies(
        new About("eksnet", "bench", "bench", Optional.empty()),
        (accept, to) -> "text/plain",
        Optional::empty,
        Optional::empty,
        () -> Future.succeededFuture(Optional.empty()),
        () -> "",
        () -> tasks,
        task -> Future.failedFuture("this one does not probe"),
        history,
        Clock.systemUTC(),
        () -> HOST,
        token,
        /* trustLoopback= */ true,
        Optional.empty());
  }

  /** Where all of them answer, on every address of loopback. */
  int port() {
    return reports.port();
  }

  /** The first agent has its plan, and its tasks are those of all. */
  void learn(int controllerPort) throws InterruptedException {
    controller = controllerPort;
    var node = FleetCluster.nodeName(0);
    Waiting.until("a plan with load balancers in it", () -> learnt(node));
    tasks.forEach(this::beat);
  }

  private boolean learnt(String node) {
    var answer = Waiting.on(plan(node).otherwiseEmpty());
    if (answer == null || answer.status() != 200) {
      return false;
    }
    var plan = PlanJson.read(answer.body(), AllowedTargets.THIS_HOST);
    tasks =
        Stream.of(
                AssignedTasks.of(plan, suites, ProbeResourceSettings.NONE, false),
                dns(node),
                new HostSuites(node, suites, Optional.of("172.20.0.1"), Optional.of("10.0.0.1"))
                    .tasks(),
                StsSuitePlan.tasks(node, suites.sts(), Optional.of(FleetCluster.REGION)))
            .flatMap(List::stream)
            .toList();
    return plan.kept().isEmpty();
  }

  private List<Task> dns(String node) {
    var suite = suites.dns();
    return new DnsSuitePlan(
            node,
            suite.interval(),
            suite.timeout(),
            suite.clusterDomain(),
            suite.external(),
            Optional.of(FleetCluster.REGION),
            Optional.of("172.20.0.1"),
            new ResolvConf(List.of("172.20.0.10"), List.of(), 5),
            suite.vpcResolver(),
            Set.of("169.254.169.253"))
        .tasks();
  }

  /** How many tasks each has. */
  int tasks() {
    return tasks.size();
  }

  private void beat(Task task) {
    var now = Instant.now();
    var wait = Duration.between(now, FixedGrid.next(task.id(), task.interval(), now));
    answering.setTimer(
        Math.max(1, wait.toMillis()),
        id -> {
          var timings =
              new Timings.Builder().add(Phase.CONNECT, 412_000).add(Phase.PROCESSING, 1_204_000);
          history.add(
              new Observation(
                  task,
                  Instant.now(),
                  Duration.ofNanos(1_616_000),
                  new Outcome.Success(timings.total(1_616_000))));
          beat(task);
        });
  }

  /** Agents of these numbers begin to ask for their plans. */
  void ask(int from, int to) {
    for (var n = from; n < to; n++) {
      ask(FleetCluster.nodeName(n));
    }
  }

  private void ask(String node) {
    var now = Instant.now();
    var wait = Duration.between(now, FixedGrid.next(node + "/plan", EVERY, now));
    asking.setTimer(
        Math.max(1, wait.toMillis()),
        id -> {
          if (!closed) {
            take(node);
            ask(node);
          }
        });
  }

  private void take(String node) {
    plan(node)
        .onFailure(e -> failures.increment())
        .onSuccess(
            answer -> {
              switch (answer.status()) {
                case 200 -> others.increment();
                case 304 -> same.increment();
                default -> failures.increment();
              }
              answer.etag().ifPresent(etag -> etags.put(node, etag));
            });
  }

  private Future<PeerClient.Response> plan(String node) {
    return clients
        .get(Math.floorMod(node.hashCode(), CLIENTS))
        .get(
            "127.0.0.1",
            plans.port(),
            "/api/v1/plan?node=" + node,
            Optional.ofNullable(etags.get(node)));
  }

  /** What they asked and answered until now. */
  Count count() {
    return new Count(
        plans.bytes(),
        reports.bytes(),
        reports.connections(),
        same.sum(),
        others.sum(),
        failures.sum());
  }

  /**
   * @param reports how often the controller asked for observations
   * @param same plans that had not changed
   * @param others plans that had
   */
  record Count(
      long planBytes, long reportBytes, long reports, long same, long others, long failures) {
    Count since(Count before) {
      return new Count(
          planBytes - before.planBytes,
          reportBytes - before.reportBytes,
          reports - before.reports,
          same - before.same,
          others - before.others,
          failures - before.failures);
    }
  }

  @Override
  public void close() {
    closed = true;
    clients.forEach(PeerClient::close);
    plans.close();
    reports.close();
    Waiting.on(asking.close());
    Waiting.on(answering.close());
  }
}
