package io.eksnet.agent;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.agent.plan.ClusterDns;
import io.eksnet.agent.plan.SearchCost;
import io.eksnet.agent.plan.TaskPlan;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.ConfigWriter;
import io.eksnet.config.RestartCheck;
import io.eksnet.config.Settings;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.model.HostPort;
import io.eksnet.model.Observation;
import io.eksnet.model.Task;
import io.eksnet.schedule.Scheduler;
import io.eksnet.schedule.SerialExecutor;
import io.eksnet.web.About;
import io.eksnet.web.EndpointDependencies;
import io.eksnet.web.History;
import io.eksnet.web.ListenAddress;
import io.eksnet.web.PlanJson;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running process: scheduler, metrics and endpoints of one config file. */
public final class Prober implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prober.class);
  private static final Clock CLOCK = Clock.systemUTC();

  /** How long the series of a removed target stay, so that Prometheus scrapes their last values. */
  private static final Duration SERIES_GRACE_PERIOD = Duration.ofMinutes(1);

  private static final int SWEEPS_PER_GRACE_PERIOD = 6;
  private static final Duration HOST_REFRESH_INTERVAL = Duration.ofSeconds(30);
  private static final Duration METADATA_CHECK_INTERVAL = Duration.ofMinutes(5);
  private static final Duration PEER_REFRESH_INTERVAL = Duration.ofSeconds(10);
  private static final Duration MAX_SCHEDULE_DELAY = Duration.ofSeconds(30);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  /** For the responses that are still being written when the process stops. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(3);

  /** A component that is not closed by then is left to the end of the process. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(7);

  private static final int MAX_OBSERVATIONS = 20_000;
  private static final int DEFAULT_CONTROLLER_PORT = 9853;

  private final Role role;
  private final TaskFactory taskFactory;
  private final boolean agentsServeTls;
  private final ProberRuntime runtime;
  private final ConfigFile file;
  private final Duration grace;
  private final Metrics metrics;
  private final History history;
  private final StateChangeLogger targetChanges = new StateChangeLogger();
  private final StateChangeLogger hostChanges = new StateChangeLogger();
  private final NodeWatch watch = new NodeWatch();
  private final Scheduler scheduler;
  private final ActivePlan active;
  private final WorkerExecutor worker;
  private final Queue<Long> timers = new ConcurrentLinkedQueue<>();
  private final PeerConnections peers;
  private final Optional<ClusterController> controller;
  private volatile Optional<PlanFetch> planFetch = Optional.empty();
  private volatile Optional<AgentPlan> assigned = Optional.empty();
  private Map<String, String> refused = Map.of();
  private volatile Optional<String> notReady = Optional.of("starting");
  private volatile Optional<WebServer> server = Optional.empty();
  private volatile Optional<WebConfigFile> webFile = Optional.empty();
  private String lastWebConfigError = "";

  private Prober(
      Role role,
      Optional<ClusterController.Factory> controllers,
      TaskFactory taskFactory,
      ProberRuntime runtime,
      ConfigFile file,
      Settings settings,
      WebConfig web,
      Duration grace) {
    this.role = role;
    this.taskFactory = taskFactory;
    this.runtime = runtime;
    this.file = file;
    this.grace = grace;
    var labels = FixedLabels.of(settings.cluster(), settings.labels());
    var kinds = runtime.allKinds();
    metrics = new Metrics(labels, kinds.keySet(), grace, BuildInfo.current());
    agentsServeTls = web.tlsServerConfig().isPresent();
    history = new History(settings.web().observations(), MAX_OBSERVATIONS);
    scheduler =
        new Scheduler(
            runtime.network(),
            runtime.networks(settings),
            CLOCK,
            kinds,
            settings.limits().runsInFlight(),
            this::onObservation,
            metrics.schedule()::lag);
    runtime.network().stalls().report(settings.limits().stall(), metrics.schedule()::stall);
    active = new ActivePlan(scheduler, metrics, kinds, CLOCK, settings);
    worker = runtime.vertx().createSharedWorkerExecutor("config", 1);
    metrics.schedule().inFlight(scheduler::inFlight);
    peers = new PeerConnections(runtime.vertx(), settings.controller(), CLOCK);
    controller =
        controllers
            .filter(any -> hasController())
            .map(
                factory ->
                    factory.create(
                        new ClusterController.Context(
                            runtime,
                            CLOCK,
                            active::settings,
                            role == Role.STANDALONE,
                            metrics,
                            peers)));
  }

  /**
   * Starts the process; throws {@link StartException} if a file, a flag or a socket is invalid.
   *
   * @param controllers creates the controller of roles that have one
   */
  public static Prober start(
      Role role,
      Optional<ClusterController.Factory> controllers,
      ProberOptions options,
      Environment environment) {
    return start(role, controllers, AssignedTasks::of, options, environment, SERIES_GRACE_PERIOD);
  }

  /** Computes the tasks of a plan. */
  @FunctionalInterface
  public interface TaskFactory {
    List<Task> tasks(AgentPlan plan, Settings settings, boolean agentsServeTls);
  }

  /**
   * The same, for tests.
   *
   * @param grace how long the series of a removed target are still exposed
   */
  public static Prober start(
      Role role,
      Optional<ClusterController.Factory> controllers,
      TaskFactory taskFactory,
      ProberOptions options,
      Environment environment,
      Duration grace) {
    var web = WebConfigFile.read(options.webConfigFile());
    var runtime = ProberRuntime.prepare(environment);
    try {
      var file = new ConfigFile(options.configFiles(), runtime.kinds(), environment.variables());
      var prober =
          new Prober(
              role,
              controllers,
              taskFactory,
              runtime,
              file,
              ProberRuntime.settings(file),
              web,
              grace);
      prober.open(options, web);
      return prober;
    } catch (RuntimeException e) {
      runtime.close();
      throw e;
    }
  }

  /** The metrics of this process. */
  public Metrics metrics() {
    return metrics;
  }

  /** The port of the endpoints. */
  public int port() {
    return server.map(WebServer::port).orElseThrow();
  }

  /**
   * Reloads the config file. Completes with the reason if the previous config stays in use. Calls
   * run one after the other.
   */
  public Future<Optional<String>> reload() {
    return worker
        .executeBlocking(() -> ProberRuntime.await(load()), true)
        .recover(e -> Future.succeededFuture(Optional.of(String.valueOf(e.getMessage()))));
  }

  /**
   * Reports not ready, waits for the runs in flight while the endpoints still serve their results,
   * then closes the server and everything else. What fails to close is logged and keeps nothing
   * else open.
   */
  @Override
  public void close() {
    notReady = Optional.of("stopping");
    log.info("stopping");
    close("timers", () -> timers.forEach(runtime.vertx()::cancelTimer));
    close("plan fetch", () -> planFetch.ifPresent(PlanFetch::close));
    close("controller", () -> controller.ifPresent(ClusterController::close));
    close("scheduler", () -> await(scheduler.drain(DRAIN_TIMEOUT)));
    close("web server", () -> server.ifPresent(open -> await(open.stop(RESPONSE_TIMEOUT))));
    close("peer connections", peers::close);
    close("event loops", runtime::close);
    close("metrics", metrics::close);
  }

  private static void close(String component, Runnable close) {
    try {
      close.run();
    } catch (RuntimeException | Error e) {
      log.atError().addKeyValue("component", component).setCause(e).log("component not closed");
    }
  }

  private static void await(Future<Void> closed) {
    ProberRuntime.await(closed, CLOSE_TIMEOUT);
  }

  private void open(ProberOptions options, WebConfig web) {
    ProberRuntime.await(applySettings(active.settings()));
    reportNameservers();
    metrics.config().accepted(CLOCK.instant());
    var address = ListenAddress.parse(options.listenAddress());
    server =
        Optional.of(
            ProberRuntime.await(
                WebServer.start(
                    runtime.vertx(),
                    address,
                    web,
                    dependencies(options.externalUrl()),
                    options.enableLifecycle())));
    webFile = Optional.of(new WebConfigFile(options.webConfigFile(), web));
    notReady = Optional.empty();
    every(grace.dividedBy(SWEEPS_PER_GRACE_PERIOD), this::sweep);
    every(options.autoReloadInterval(), this::reloadIfChanged);
    every(HOST_REFRESH_INTERVAL, this::refreshHost);
    every(METADATA_CHECK_INTERVAL, this::checkMetadata);
    every(PEER_REFRESH_INTERVAL, peers::refresh);
    controller.ifPresent(own -> own.start(ownAddress(address)));
    var executor = SerialExecutor.on(runtime.vertx());
    planFetch = planSource(executor).map(source -> planFetch(executor, source));
    planFetch.ifPresent(PlanFetch::start);
    log.atInfo()
        .addKeyValue("version", BuildInfo.current().version())
        .addKeyValue("address", options.listenAddress())
        .addKeyValue("config", file.name())
        .addKeyValue("tasks", active.tasks().size())
        .log("started");
  }

  /** Where other pods reach this process: at the address of its pod, or where it listens. */
  private Optional<HostPort> ownAddress(ListenAddress listening) {
    return runtime
        .environment()
        .podAddress()
        .or(() -> Optional.of(listening.host()).filter(host -> !host.isEmpty()))
        .map(host -> new HostPort(host, port()));
  }

  private EndpointDependencies dependencies(Optional<URI> url) {
    var build = BuildInfo.current();
    return new EndpointDependencies(
        new About("eksnet", build.version(), build.revision(), url),
        metrics.exposition()::write,
        this::unhealthyReason,
        this::notReadyReason,
        this::reload,
        () -> ConfigWriter.yaml(active.settings()),
        active::tasks,
        scheduler::once,
        history,
        CLOCK,
        () -> watch.report(CLOCK.instant()),
        peers.token(),
        active.settings().web().trustLoopback(),
        controller.map(ClusterController::endpoints));
  }

  private Future<Optional<String>> load() {
    var webConfigError = reloadUsers();
    if (webConfigError.isPresent()) {
      return Future.succeededFuture(reject(webConfigError.get()));
    }
    var reading = file.read();
    if (reading instanceof ConfigResult.Invalid invalid) {
      return Future.succeededFuture(reject(ConfigFile.text(invalid.problems())));
    }
    var settings = ((ConfigResult.Valid) reading).settings();
    return restartReason(settings)
        .map(reason -> Future.succeededFuture(reject(reason)))
        .orElseGet(
            () ->
                applySettings(settings)
                    .map(done -> accept())
                    .otherwise(e -> reject(String.valueOf(e.getMessage()))));
  }

  /** Why {@code wanted} needs a restart: existing series and queues depend on what it changes. */
  private Optional<String> restartReason(Settings wanted) {
    var changed = RestartCheck.changedKeys(active.settings(), wanted);
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(", ", changed) + " cannot change while the process runs; restart it");
  }

  private Future<Void> applySettings(Settings settings) {
    var tasks = assigned.map(plan -> taskFactory.tasks(plan, settings, agentsServeTls));
    logRefused(settings);
    return plan(settings, tasks.orElse(List.of()))
        .compose(plan -> active.apply(settings, plan))
        .onSuccess(done -> controller.ifPresent(ClusterController::replan));
  }

  /** The settings of the controller, which allows targets first, may be newer or older. */
  private void logRefused(Settings settings) {
    var now =
        assigned
            .map(plan -> AssignedTasks.refused(plan, settings.probeResources()))
            .orElse(Map.of());
    now.forEach(
        (target, reason) -> {
          if (!reason.equals(refused.get(target))) {
            log.atWarn()
                .addKeyValue("target", target)
                .addKeyValue("reason", reason)
                .log("target of a Probe resource not probed");
          }
        });
    refused = now;
  }

  /** A controller runs no probes. */
  private Future<TaskPlan> plan(Settings settings, List<Task> tasks) {
    return role == Role.CONTROLLER
        ? Future.succeededFuture(new TaskPlan(List.of(), Map.of()))
        : runtime.plan(settings, tasks);
  }

  /** A standalone process has a controller only in a cluster. */
  private boolean hasController() {
    return role == Role.CONTROLLER
        || (role == Role.STANDALONE && runtime.environment().kubernetes());
  }

  /** Where this process gets its plan, if it runs probes: its own controller, or another one. */
  private Optional<PlanSource> planSource(SerialExecutor executor) {
    if (role == Role.CONTROLLER) {
      return Optional.empty();
    }
    if (controller.isPresent()) {
      return controller.map(own -> own.planSource(runtime.environment().node()));
    }
    var settings = active.settings().controller();
    return settings
        .uri()
        .map(uri -> HostPort.of(uri, DEFAULT_CONTROLLER_PORT))
        .or(() -> runtime.environment().controller().map(HostPort::of))
        .map(
            address ->
                new PlanClient(
                    executor,
                    runtime.environment().node(),
                    (path, etag) -> peers.get(address.host(), address.port(), path, etag),
                    json -> PlanJson.read(json, allowedTargets())));
  }

  private AllowedTargets allowedTargets() {
    return new AllowedTargets(active.settings().controller().loopback());
  }

  private PlanFetch planFetch(SerialExecutor executor, PlanSource source) {
    var created =
        new PlanFetch(
            executor,
            CLOCK,
            runtime.environment().node(),
            active.settings().controller().every(),
            source,
            this::apply);
    metrics.controller().planAge(created::age);
    return created;
  }

  private Future<Void> apply(AgentPlan plan) {
    return worker.executeBlocking(
        () -> {
          var before = assigned;
          assigned = Optional.of(plan);
          try {
            ProberRuntime.await(applySettings(active.settings()));
          } catch (RuntimeException e) {
            assigned = before;
            throw e;
          }
          log.atInfo().addKeyValue("tasks", active.tasks().size()).log("plan applied");
          return null;
        },
        true);
  }

  private Optional<String> accept() {
    metrics.config().accepted(CLOCK.instant());
    log.atInfo().addKeyValue("tasks", active.tasks().size()).log("config loaded");
    return Optional.empty();
  }

  private Optional<String> reject(String reason) {
    metrics.config().refused();
    log.atError().addKeyValue("error", reason).log("config reload failed, keeping previous config");
    return Optional.of(reason);
  }

  private void reloadIfChanged() {
    if (file.changed()) {
      ProberRuntime.await(load());
    } else {
      var error = reloadUsers().orElse("");
      if (!error.isEmpty() && !error.equals(lastWebConfigError)) {
        reject(error);
      }
      lastWebConfigError = error;
    }
  }

  /** Reads the basic auth users again; completes with the error if the previous ones stay. */
  private Optional<String> reloadUsers() {
    try {
      webFile
          .flatMap(WebConfigFile::changed)
          .ifPresent(
              now -> {
                server.orElseThrow().setUsers(now.basicAuthUsers());
                log.atInfo()
                    .addKeyValue("users", now.basicAuthUsers().size())
                    .log("basic auth users changed");
              });
      return Optional.empty();
    } catch (StartException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Reads resolv.conf again, and discovers optional name servers that have started since. */
  private void refreshHost() {
    runtime.hostFiles().reread();
    hostChanges.onHostFiles(runtime.hostFiles().problem());
    ProberRuntime.await(applySettings(active.settings()));
    reportNameservers();
  }

  private void checkMetadata() {
    runtime
        .hostSuites(active.settings())
        .metadata()
        .map(scheduler::once)
        .ifPresent(run -> hostChanges.onMetadataCheck(ProberRuntime.await(run).outcome()));
  }

  private void reportNameservers() {
    var conf = runtime.hostFiles().names().resolvConf();
    var apiServer = runtime.environment().apiServer();
    var suite = active.settings().suites().dns();
    var ok = ClusterDns.nameserversOk(conf, apiServer);
    ok.ifPresent(metrics.host()::nameserver);
    watch.nameservers(ok);
    metrics
        .host()
        .searchQueries(
            SearchCost.byQueryClass(
                conf,
                apiServer.flatMap(inCluster -> suite.clusterDomain()),
                runtime.region(active.settings()),
                suite.external()));
  }

  private void sweep() {
    metrics.probes().sweep(CLOCK.instant());
    var tasks = active.tasks();
    var ids = tasks.stream().map(Task::id).collect(Collectors.toSet());
    history.retain(ids);
    runtime.network().loop().execute(() -> targetChanges.retain(ids));
  }

  private void onObservation(Observation observation) {
    metrics.schedule().record(observation);
    metrics.probes().record(observation);
    history.add(observation);
    watch.onObservation(observation);
    targetChanges.onObservation(observation);
  }

  private Optional<String> notReadyReason() {
    return notReady;
  }

  private Optional<String> unhealthyReason() {
    var overdue = scheduler.overdue();
    return overdue.compareTo(MAX_SCHEDULE_DELAY) > 0
        ? Optional.of("probes are overdue by " + overdue.toSeconds() + " s")
        : Optional.empty();
  }

  /**
   * Runs {@code work} periodically on the worker thread; it may block. A period in which the last
   * run has not ended yet is skipped.
   */
  private void every(Duration period, Runnable work) {
    if (!period.isZero()) {
      var queued = new AtomicBoolean();
      timers.add(
          runtime
              .vertx()
              .setPeriodic(
                  period.toMillis(),
                  id -> {
                    if (queued.compareAndSet(false, true)) {
                      onWorker(work).onComplete(done -> queued.set(false));
                    }
                  }));
    }
  }

  private Future<Void> onWorker(Runnable work) {
    Future<Void> run =
        worker.executeBlocking(
            () -> {
              work.run();
              return null;
            },
            true);
    return run.onFailure(e -> log.atError().setCause(e).log("unexpected error in background task"));
  }
}
