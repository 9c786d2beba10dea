package io.eksnet.agent;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.ClusterDns;
import io.eksnet.agent.plan.SearchCost;
import io.eksnet.agent.plan.TaskPlan;
import io.eksnet.config.ConfigWriter;
import io.eksnet.config.Reading;
import io.eksnet.config.Restart;
import io.eksnet.config.Settings;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.model.HostPort;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import io.eksnet.schedule.Scheduler;
import io.eksnet.schedule.SchedulerListener;
import io.eksnet.web.About;
import io.eksnet.web.EndpointDependencies;
import io.eksnet.web.History;
import io.eksnet.web.ListenAddress;
import io.eksnet.web.WebConfig;
import io.eksnet.web.WebServer;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program: schedule, metrics and endpoints over one config file. */
public final class Prober implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prober.class);
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final int SWEEPS_IN_GRACE = 6;
  private static final Duration LOOK_AT_HOST = Duration.ofSeconds(30);
  private static final Duration LOOK_AT_METADATA = Duration.ofMinutes(5);
  private static final Duration STUCK = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int KEPT_IN_ALL = 20_000;
  private static final int CONTROLLER_PORT = 9853;

  private static final Duration LOOK_AT_PEERING = Duration.ofSeconds(10);

  private final Role role;
  private final PlanLanguage language;
  private final ProberRuntime ground;
  private final ConfigFile file;
  private final Duration grace;
  private final Metrics metrics;
  private final History history;
  private final StateChangeLogger transitions = new StateChangeLogger();
  private final NodeWatch watch = new NodeWatch();
  private final MetadataReach metadata = new MetadataReach();
  private final Scheduler engine;
  private final ActivePlan running;
  private final WorkerExecutor worker;
  private final Queue<Long> timers = new ConcurrentLinkedQueue<>();
  private final PeerConnections peering;
  private final Optional<ClusterController> controller;
  private volatile Optional<PlanFetch> fetch = Optional.empty();
  private volatile Optional<AgentPlan> assigned = Optional.empty();
  private volatile boolean ready;
  private volatile Optional<WebServer> server = Optional.empty();
  private volatile Optional<WebConfigFile> webFile = Optional.empty();
  private String webTrouble = "";

  private Prober(
      Role role,
      Optional<ClusterController.Factory> controllers,
      BiFunction<Settings, WebConfig, PlanLanguage> languages,
      ProberRuntime ground,
      ConfigFile file,
      Settings settings,
      WebConfig web,
      Duration grace) {
    this.role = role;
    this.ground = ground;
    this.file = file;
    this.grace = grace;
    var labels = FixedLabels.of(settings.cluster(), settings.labels());
    var kinds = ground.runnable();
    metrics = new Metrics(labels, kinds.keySet(), grace, BuildInfo.current());
    language = languages.apply(settings, web);
    history = new History(settings.web().observations(), KEPT_IN_ALL);
    engine =
        new Scheduler(
            ground.network(),
            ground.networks(settings),
            CLOCK,
            kinds,
            settings.limits().runsInFlight(),
            settings.limits().stall(),
            this::saw,
            pulse());
    running = new ActivePlan(engine, metrics, kinds, CLOCK, settings);
    worker = ground.vertx().createSharedWorkerExecutor("config", 1);
    metrics.schedule().inFlight(engine::inFlight);
    peering = new PeerConnections(ground.vertx(), settings.controller(), CLOCK);
    controller =
        controllers
            .filter(any -> controls())
            .map(
                factory ->
                    factory.create(
                        new ClusterController.Context(
                            ground,
                            CLOCK,
                            running::settings,
                            web,
                            role == Role.STANDALONE,
                            metrics,
                            peering)));
  }

  /**
   * Starts everything; what is wrong with files, flags or sockets is a {@link StartException}.
   *
   * @param controllers creates the controller of roles that have one
   */
  public static Prober start(
      Role role,
      Optional<ClusterController.Factory> controllers,
      ProberOptions options,
      Environment environment) {
    return start(role, controllers, PlanLanguage::of, options, environment, GRACE);
  }

  /**
   * The same.
   *
   * @param grace how long the series of a removed target are still shown
   */
  public static Prober start(
      Role role,
      Optional<ClusterController.Factory> controllers,
      BiFunction<Settings, WebConfig, PlanLanguage> languages,
      ProberOptions options,
      Environment environment,
      Duration grace) {
    var web = WebConfigFile.read(options.webConfigFile());
    var ground = ProberRuntime.prepare(environment);
    try {
      var file = new ConfigFile(options.configFile(), ground.kinds());
      var prober =
          new Prober(
              role, controllers, languages, ground, file, ProberRuntime.settings(file), web, grace);
      prober.open(options, web);
      return prober;
    } catch (RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  /** The port of the endpoints. */
  public int port() {
    return server.map(WebServer::port).orElseThrow();
  }

  /**
   * Reads the config anew and makes it the running one; completes with the reason when the old one
   * stays. Calls wait for each other.
   */
  public Future<Optional<String>> reload() {
    return worker
        .executeBlocking(() -> ProberRuntime.await(load()), true)
        .recover(e -> Future.succeededFuture(Optional.of(String.valueOf(e.getMessage()))));
  }

  /** Lets the runs in flight end, then closes. */
  @Override
  public void close() {
    log.info("stopping");
    timers.forEach(ground.vertx()::cancelTimer);
    fetch.ifPresent(PlanFetch::close);
    controller.ifPresent(ClusterController::close);
    ProberRuntime.await(
        engine.drain().timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty());
    peering.close();
    ground.close();
    metrics.close();
  }

  private void open(ProberOptions options, WebConfig web) {
    ProberRuntime.await(become(running.settings()));
    tellOfHost();
    metrics.config().accepted(CLOCK.instant());
    var address = ListenAddress.parse(options.listenAddress());
    server =
        Optional.of(
            ProberRuntime.await(
                WebServer.start(
                    ground.vertx(),
                    address,
                    web,
                    sources(options.externalUrl()),
                    options.enableLifecycle())));
    webFile = Optional.of(new WebConfigFile(options.webConfigFile(), web));
    ready = true;
    every(grace.dividedBy(SWEEPS_IN_GRACE), this::sweep);
    every(options.autoReloadInterval(), this::reloadIfChanged);
    every(LOOK_AT_HOST, this::lookAtHost);
    every(LOOK_AT_METADATA, this::lookAtMetadata);
    every(LOOK_AT_PEERING, peering::refresh);
    controller.ifPresent(ClusterController::start);
    fetch = way().map(this::fetch);
    fetch.ifPresent(PlanFetch::start);
    log.atInfo()
        .addKeyValue("version", BuildInfo.current().version())
        .addKeyValue("address", options.listenAddress())
        .addKeyValue("config", file.name())
        .addKeyValue("tasks", running.tasks().size())
        .log("started");
  }

  private EndpointDependencies sources(Optional<URI> url) {
    var build = BuildInfo.current();
    return new EndpointDependencies(
        new About("eksnet", build.version(), build.revision(), url),
        metrics.exposition()::write,
        this::trouble,
        () -> ready ? Optional.empty() : Optional.of("starting"),
        this::reload,
        () -> ConfigWriter.yaml(running.settings()),
        running::tasks,
        engine::once,
        history,
        CLOCK,
        () -> watch.report(CLOCK.instant()),
        peering.token(),
        controller.map(ClusterController::endpoints));
  }

  private Future<Optional<String>> load() {
    var closed = admit();
    if (closed.isPresent()) {
      return Future.succeededFuture(refuse(closed.get()));
    }
    var reading = file.read();
    if (reading instanceof Reading.Rejected rejected) {
      return Future.succeededFuture(refuse(file.text(rejected.problems())));
    }
    var settings = ((Reading.Accepted) reading).settings();
    return fixed(settings)
        .map(reason -> Future.succeededFuture(refuse(reason)))
        .orElseGet(
            () ->
                become(settings)
                    .map(done -> accept())
                    .otherwise(e -> refuse(String.valueOf(e.getMessage()))));
  }

  /** What no reload can change, because running series and queues depend on it. */
  private Optional<String> fixed(Settings wanted) {
    var held = Restart.needed(running.settings(), wanted);
    return held.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(", ", held) + " cannot change while the process runs; restart it");
  }

  private Future<Void> become(Settings settings) {
    var tasks = assigned.map(plan -> language.tasks(plan, settings.suites()));
    return wanted(settings, tasks.orElse(List.of()))
        .compose(plan -> running.become(settings, plan))
        .onSuccess(done -> controller.ifPresent(ClusterController::replan));
  }

  /** A controller leaves probing to agents. */
  private Future<TaskPlan> wanted(Settings settings, List<Task> tasks) {
    return role == Role.CONTROLLER
        ? Future.succeededFuture(new TaskPlan(List.of(), Map.of()))
        : ground.plan(settings, tasks);
  }

  /** In a process that is everything, only where the environment shows a cluster. */
  private boolean controls() {
    return role == Role.CONTROLLER
        || (role == Role.STANDALONE && ground.surroundings().kubernetes());
  }

  /** How this process gets its plan, if it probes at all: of itself, or of a controller. */
  private Optional<PlanFetch.Source> way() {
    if (role == Role.CONTROLLER) {
      return Optional.empty();
    }
    if (controller.isPresent()) {
      return controller.map(ClusterController::planSource);
    }
    var settings = running.settings().controller();
    return settings
        .uri()
        .map(uri -> HostPort.of(uri, CONTROLLER_PORT))
        .or(() -> ground.surroundings().controller().map(HostPort::of))
        .map(to -> (path, etag) -> peering.get(to.host(), to.port(), path, etag));
  }

  private PlanFetch fetch(PlanFetch.Source ask) {
    var made =
        new PlanFetch(
            ground.vertx(),
            CLOCK,
            ground.surroundings().node(),
            running.settings().controller().every(),
            ask,
            language,
            this::carryOut);
    metrics.controller().planAge(made::age);
    return made;
  }

  private Future<Void> carryOut(AgentPlan plan) {
    return worker.executeBlocking(
        () -> {
          var before = assigned;
          assigned = Optional.of(plan);
          try {
            ProberRuntime.await(become(running.settings()));
          } catch (RuntimeException e) {
            assigned = before;
            throw e;
          }
          log.atInfo().addKeyValue("tasks", running.tasks().size()).log("plan taken");
          return null;
        },
        true);
  }

  private Optional<String> accept() {
    metrics.config().accepted(CLOCK.instant());
    log.atInfo().addKeyValue("tasks", running.tasks().size()).log("config loaded");
    return Optional.empty();
  }

  private Optional<String> refuse(String reason) {
    metrics.config().refused();
    log.atError().addKeyValue("reason", reason).log("config not loaded, the old one stays");
    return Optional.of(reason);
  }

  private void reloadIfChanged() {
    if (file.changed()) {
      ProberRuntime.await(load());
    } else {
      var trouble = admit().orElse("");
      if (!trouble.isEmpty() && !trouble.equals(webTrouble)) {
        refuse(trouble);
      }
      webTrouble = trouble;
    }
  }

  /** Lets in whom the web config names by now; what is wrong with it leaves all as it was. */
  private Optional<String> admit() {
    try {
      webFile
          .flatMap(WebConfigFile::changed)
          .ifPresent(
              now -> {
                server.orElseThrow().setUsers(now.basicAuthUsers());
                log.atInfo().addKeyValue("users", now.basicAuthUsers().size()).log("users changed");
              });
      return Optional.empty();
    } catch (StartException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Follows resolv.conf, and finds optional name servers that came up meanwhile. */
  private void lookAtHost() {
    ground.hostFiles().reread();
    ProberRuntime.await(become(running.settings()));
    tellOfHost();
  }

  private void lookAtMetadata() {
    ground
        .hostSuites(running.settings())
        .metadata()
        .map(engine::once)
        .ifPresent(seen -> metadata.saw(ProberRuntime.await(seen).outcome()));
  }

  private void tellOfHost() {
    var conf = ground.hostFiles().names().resolvConf();
    var apiServer = ground.surroundings().apiServer();
    var suite = running.settings().suites().dns();
    var ok = ClusterDns.nameserversOk(conf, apiServer);
    ok.ifPresent(metrics.host()::nameserver);
    watch.nameservers(ok);
    metrics
        .host()
        .searchQueries(
            SearchCost.byQueryClass(
                conf,
                apiServer.flatMap(inCluster -> suite.clusterDomain()),
                ground.region(running.settings()),
                suite.external()));
  }

  private void sweep() {
    metrics.probes().sweep(CLOCK.instant());
    var tasks = running.tasks();
    var ids = tasks.stream().map(Task::id).collect(Collectors.toSet());
    history.retain(ids);
    ground.network().loop().execute(() -> transitions.retain(ids));
  }

  private void saw(Observation observation) {
    metrics.probes().record(observation);
    history.add(observation);
    watch.saw(observation);
    transitions.saw(observation);
  }

  private Optional<String> trouble() {
    var overdue = engine.overdue();
    return overdue.compareTo(STUCK) > 0
        ? Optional.of("the schedule has stood still for " + overdue.toSeconds() + " s")
        : Optional.empty();
  }

  private SchedulerListener pulse() {
    var schedule = metrics.schedule();
    return new SchedulerListener() {
      @Override
      public void onStart(long lateNanos) {
        schedule.lag(lateNanos);
      }

      @Override
      public void onMissed(Outcome.Reason reason, long ticks) {
        for (var i = 0L; i < ticks; i++) {
          schedule.missed(reason);
        }
      }

      @Override
      public void onStall(long nanos) {
        schedule.stall(nanos);
      }
    };
  }

  /** Does {@code work} again and again, on the worker, away from the event loops. */
  private void every(Duration period, Runnable work) {
    if (!period.isZero()) {
      timers.add(ground.vertx().setPeriodic(period.toMillis(), id -> onWorker(work)));
    }
  }

  private void onWorker(Runnable work) {
    worker
        .executeBlocking(
            () -> {
              work.run();
              return null;
            },
            true)
        .onFailure(e -> log.error("work in the background failed", e));
  }
}
