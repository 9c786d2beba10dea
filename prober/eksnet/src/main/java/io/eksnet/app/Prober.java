package io.eksnet.app;

import io.eksnet.app.Main.StartFailure;
import io.eksnet.config.ConfigWriter;
import io.eksnet.config.Reading;
import io.eksnet.config.Restart;
import io.eksnet.config.Settings;
import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import io.eksnet.core.Task;
import io.eksnet.engine.Engine;
import io.eksnet.engine.Pulse;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.plan.AgentPlan;
import io.eksnet.plan.ClusterDns;
import io.eksnet.plan.Plan;
import io.eksnet.plan.SearchCost;
import io.eksnet.web.About;
import io.eksnet.web.History;
import io.eksnet.web.ListenAddress;
import io.eksnet.web.Sources;
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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program: schedule, metrics and endpoints over one config file. */
final class Prober implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prober.class);
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final int SWEEPS_IN_GRACE = 6;
  private static final Duration LOOK_AT_HOST = Duration.ofSeconds(30);
  private static final Duration LOOK_AT_METADATA = Duration.ofMinutes(5);
  private static final Duration STUCK = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int KEPT_IN_ALL = 20_000;

  private static final Duration LOOK_AT_PEERING = Duration.ofSeconds(10);

  private final Role role;
  private final Cluster cluster;
  private final PlanLanguage language;
  private final Ground ground;
  private final ConfigFile file;
  private final Duration grace;
  private final Metrics metrics;
  private final History history;
  private final Transitions transitions = new Transitions();
  private final NodeWatch watch = new NodeWatch();
  private final MetadataReach metadata = new MetadataReach();
  private final Engine engine;
  private final Running running;
  private final WorkerExecutor worker;
  private final Queue<Long> timers = new ConcurrentLinkedQueue<>();
  private final Peering peering;
  private final Optional<Controller> controller;
  private volatile Optional<PlanFetch> fetch = Optional.empty();
  private volatile Optional<AgentPlan> assigned = Optional.empty();
  private volatile boolean ready;
  private volatile Optional<WebServer> server = Optional.empty();
  private volatile Optional<WebConfigFile> webFile = Optional.empty();
  private String webTrouble = "";

  private Prober(
      Role role,
      Cluster cluster,
      Ground ground,
      ConfigFile file,
      Settings settings,
      WebConfig web,
      Duration grace) {
    this.role = role;
    this.cluster = cluster;
    this.ground = ground;
    this.file = file;
    this.grace = grace;
    var labels = FixedLabels.of(settings.cluster(), settings.labels());
    var kinds = ground.runnable();
    metrics = new Metrics(labels, kinds.keySet(), grace, BuildInfo.current());
    language = cluster.language().of(settings, web, metrics.probes()::dropped);
    history = new History(settings.web().observations(), KEPT_IN_ALL);
    engine =
        new Engine(
            ground.network(),
            ground.networks(settings),
            CLOCK,
            kinds,
            settings.limits().runsInFlight(),
            settings.limits().stall(),
            this::saw,
            pulse());
    running = new Running(engine, metrics, kinds, CLOCK, settings);
    worker = ground.vertx().createSharedWorkerExecutor("config", 1);
    metrics.schedule().inFlight(engine::inFlight);
    peering = new Peering(ground.vertx(), settings.controller(), CLOCK);
    controller = controls() ? Optional.of(controller(settings)) : Optional.empty();
  }

  /** Starts everything; what is wrong with files, flags or sockets is a {@link StartFailure}. */
  static Prober start(Role role, Options options, WebConfig web, Surroundings surroundings) {
    return start(role, Cluster.REAL, options, web, surroundings, GRACE);
  }

  /**
   * @param grace how long the series of a removed target are still shown
   */
  static Prober start(
      Role role,
      Cluster cluster,
      Options options,
      WebConfig web,
      Surroundings surroundings,
      Duration grace) {
    var ground = Ground.prepare(surroundings);
    try {
      var file = new ConfigFile(options.configFile, ground.kinds());
      var prober = new Prober(role, cluster, ground, file, Ground.settings(file), web, grace);
      prober.open(options, web);
      return prober;
    } catch (RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  /** The port of the endpoints. */
  int port() {
    return server.map(WebServer::port).orElseThrow();
  }

  /**
   * Reads the config anew and makes it the running one; completes with the reason when the old one
   * stays. Calls wait for each other.
   */
  Future<Optional<String>> reload() {
    return worker
        .executeBlocking(() -> Ground.await(load()), true)
        .recover(e -> Future.succeededFuture(Optional.of(String.valueOf(e.getMessage()))));
  }

  /** Lets the runs in flight end, then closes. */
  @Override
  public void close() {
    log.info("stopping");
    timers.forEach(ground.vertx()::cancelTimer);
    fetch.ifPresent(PlanFetch::close);
    controller.ifPresent(Controller::close);
    Ground.await(
        engine.drain().timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty());
    peering.close();
    ground.close();
    metrics.close();
  }

  private void open(Options options, WebConfig web) {
    Ground.await(become(running.settings()));
    tellOfHost();
    metrics.config().accepted(CLOCK.instant());
    var address = ListenAddress.parse(options.listenAddress);
    server =
        Optional.of(
            Ground.await(
                WebServer.start(
                    ground.vertx(),
                    address,
                    web,
                    sources(Optional.ofNullable(options.externalUrl)),
                    options.enableLifecycle)));
    webFile = Optional.of(new WebConfigFile(options.webConfigFile, web));
    ready = true;
    every(grace.dividedBy(SWEEPS_IN_GRACE), this::sweep);
    every(options.autoReloadInterval, this::reloadIfChanged);
    every(LOOK_AT_HOST, this::lookAtHost);
    every(LOOK_AT_METADATA, this::lookAtMetadata);
    every(LOOK_AT_PEERING, peering::refresh);
    controller.ifPresent(Controller::start);
    fetch = way().map(this::fetch);
    fetch.ifPresent(PlanFetch::start);
    log.atInfo()
        .addKeyValue("version", BuildInfo.current().version())
        .addKeyValue("address", options.listenAddress)
        .addKeyValue("config", file.name())
        .addKeyValue("tasks", running.tasks().size())
        .log("started");
  }

  private Sources sources(Optional<URI> url) {
    var build = BuildInfo.current();
    return new Sources(
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
        controller.map(Controller::sources));
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
        .onSuccess(done -> controller.ifPresent(Controller::replan));
  }

  /** A controller leaves probing to agents. */
  private Future<Plan> wanted(Settings settings, List<Task> tasks) {
    return role == Role.CONTROLLER
        ? Future.succeededFuture(new Plan(List.of(), Map.of()))
        : ground.plan(settings, tasks);
  }

  /** In a process that is everything, only where the environment shows a cluster. */
  private boolean controls() {
    return role == Role.CONTROLLER
        || (role == Role.STANDALONE && ground.surroundings().kubernetes());
  }

  private Controller controller(Settings settings) {
    var alone = role == Role.STANDALONE;
    return new Controller(
        ground.vertx(),
        CLOCK,
        running::settings,
        cluster.opening().open(ground, settings, alone, metrics.aws()::call),
        language,
        metrics.controller(),
        metrics.inventory()::update,
        metrics.diagnosis(),
        new Costs(metrics.process(), metrics.aws()::calls),
        (agent, path) ->
            peering.get(
                agent.address(), settings.controller().agentPort(), path, Optional.empty()));
  }

  /** How this process gets its plan, if it probes at all: of itself, or of a controller. */
  private Optional<PlanFetch.Ask> way() {
    if (role == Role.CONTROLLER) {
      return Optional.empty();
    }
    if (controller.isPresent()) {
      return Optional.of(new OwnPlan(controller.get().sources()));
    }
    var settings = running.settings().controller();
    return settings
        .uri()
        .map(ControllerAddress::of)
        .or(() -> ground.surroundings().controller().map(ControllerAddress::of))
        .map(to -> (path, etag) -> peering.get(to.host(), to.port(), path, etag));
  }

  private PlanFetch fetch(PlanFetch.Ask ask) {
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
            Ground.await(become(running.settings()));
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
      Ground.await(load());
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
                server.orElseThrow().admit(now.basicAuthUsers());
                log.atInfo().addKeyValue("users", now.basicAuthUsers().size()).log("users changed");
              });
      return Optional.empty();
    } catch (Main.StartFailure e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Follows resolv.conf, and finds optional name servers that came up meanwhile. */
  private void lookAtHost() {
    ground.hostFiles().reread();
    Ground.await(become(running.settings()));
    tellOfHost();
  }

  private void lookAtMetadata() {
    ground
        .hostSuites(running.settings())
        .metadata()
        .map(engine::once)
        .ifPresent(seen -> metadata.saw(Ground.await(seen).outcome()));
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

  private Pulse pulse() {
    var schedule = metrics.schedule();
    return new Pulse() {
      @Override
      public void lag(long nanos) {
        schedule.lag(nanos);
      }

      @Override
      public void missed(Outcome.Reason reason, long beats) {
        for (var i = 0L; i < beats; i++) {
          schedule.missed(reason);
        }
      }

      @Override
      public void stall(long nanos) {
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
