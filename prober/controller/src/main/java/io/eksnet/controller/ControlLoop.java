package io.eksnet.controller;

import static java.util.stream.Collectors.toMap;

import io.eksnet.agent.ClusterController;
import io.eksnet.agent.PlanSource;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.StateChangeLogger;
import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.config.Settings;
import io.eksnet.controller.metrics.ControllerMetrics;
import io.eksnet.controller.metrics.LbAddressMeters;
import io.eksnet.controller.page.ClusterView;
import io.eksnet.controller.page.FreeAddresses;
import io.eksnet.controller.page.ProbeHistory;
import io.eksnet.controller.web.AgentObservation;
import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.controller.web.ClusterDependencies.DataSource;
import io.eksnet.controller.web.ControllerEndpoints;
import io.eksnet.controller.web.ReplicaState;
import io.eksnet.diagnosis.Findings;
import io.eksnet.diagnosis.LatencyBaselines;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Poller;
import io.eksnet.metrics.ControllerMeters;
import io.eksnet.model.HostPort;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.FleetPlan;
import io.eksnet.schedule.SerialExecutor;
import io.eksnet.web.ClusterEndpoints;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the cluster, computes the plans, collects observations, runs the diagnosis and keeps
 * incidents while this replica leads. A standby serves a copy of the leader's data, and refuses
 * requests for plans. All timers run on one executor, and the heartbeat metric shows that it is
 * alive.
 */
public final class ControlLoop implements ClusterController {
  private static final Logger log = LoggerFactory.getLogger(ControlLoop.class);

  private static final Duration TICK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration DIAGNOSIS_INTERVAL = Duration.ofSeconds(3);

  /** Rounds that the diagnosis waits for agents while the list of agents cannot be read. */
  private static final int AGENT_WAIT_ROUNDS = 3;

  private final SerialExecutor executor;
  private final Clock clock;
  private final Supplier<Settings> settings;
  private final ClusterAccess access;
  private final BiFunction<Settings, Inventory, FleetPlan> planner;
  private final ControllerMeters meters;
  private final BiConsumer<Inventory, Instant> inventoryMeters;
  private final Poller poller;
  private final StateChangeLogger pollChanges = new StateChangeLogger();
  private final PlanPages plans = new PlanPages();
  private final ObservationCollector observations;
  private final FindingTracker findings;
  private final LbAddressMeters lbAddresses;
  private final IncidentTracker incidents;
  private final ReplicaMirror mirror;
  private final CostMeter costs;
  private final FreeAddresses freeAddresses = new FreeAddresses();
  private volatile ProbeHistory probeHistory = ProbeHistory.NONE;
  private Optional<PlanInputs> planned = Optional.empty();
  private int elections;
  private boolean planning;
  private boolean diagnosisRunning;
  private Instant leadingSince = Instant.MIN;
  private String lastPlanError = "";
  private String lastElectionError = "";
  private volatile LatencyBaselines latencies;
  private volatile boolean needsPlan;
  private volatile boolean closed;

  /** What plans are computed from. */
  private record PlanInputs(Settings settings, Inventory inventory) {
    /** Whether plans would be the same: times of reads and failures are left out. */
    boolean hasValuesOf(PlanInputs other) {
      return settings.equals(other.settings)
          && inventory.resources().equals(other.inventory.resources())
          && inventory.resources().stream()
              .allMatch(resource -> inventory.get(resource).equals(other.inventory.get(resource)));
    }
  }

  /** Opens the Kubernetes and AWS clients. */
  @FunctionalInterface
  interface AccessFactory {
    ClusterAccess open(ClusterAccess.AwsCallListener calls);
  }

  /** The controller of a process. */
  public static ClusterController create(Context context) {
    var settings = context.settings().get();
    return create(
        context,
        calls -> KubeAwsAccess.open(context.runtime(), settings, context.standalone(), calls),
        new FleetPlanner(context.metrics().probes()::dropped)::plan);
  }

  static ClusterController create(
      Context context, AccessFactory access, BiFunction<Settings, Inventory, FleetPlan> planner) {
    var metrics = ControllerMetrics.register(context.metrics().instruments());
    return new ControlLoop(context, access.open(metrics.aws()::call), planner, metrics);
  }

  private ControlLoop(
      Context context,
      ClusterAccess access,
      BiFunction<Settings, Inventory, FleetPlan> planner,
      ControllerMetrics metrics) {
    this.executor = SerialExecutor.on(context.runtime().vertx());
    this.clock = context.clock();
    this.settings = context.settings();
    this.access = access;
    this.planner = planner;
    this.meters = context.metrics().controller();
    this.lbAddresses = metrics.lbAddresses();
    this.inventoryMeters =
        (inventory, now) -> {
          metrics.inventory().update(inventory, now);
          lbAddresses.update(inventory, now);
        };
    costs = new CostMeter(context.metrics().process(), metrics.aws()::calls);
    findings =
        new FindingTracker(
            metrics.diagnosis(),
            finding -> settings.get().diagnosis().reasonToIgnore(finding.cause(), finding.scope()));
    latencies = LatencyBaselines.none(settings.get().controller().every());
    incidents = new IncidentTracker(metrics.incidents());
    mirror =
        new ReplicaMirror(
            executor,
            clock,
            settings.get().controller().every(),
            leader -> context.peers().state(leader.host(), leader.port(), "/api/v1/replica"),
            this::onCopy);
    observations =
        new ObservationCollector(
            context.runtime().vertx(),
            clock,
            settings.get().controller().every(),
            (agent, path) ->
                context
                    .peers()
                    .get(
                        agent.address(),
                        settings.get().controller().agentPort(),
                        path,
                        Optional.empty()),
            observation -> {
              if (access.stillLeading()) {
                metrics.lbAddresses().onObservation(observation);
              }
            });
    poller =
        new Poller(
            executor,
            clock,
            settings.get().cluster(),
            access.sources(),
            access::stillLeading,
            pollInterval(settings.get()),
            Poller.MIN_TIMEOUT,
            this::onUpdate);
  }

  @Override
  public void start(Optional<HostPort> address) {
    meters.leader(() -> access.stillLeading() ? 1 : 0);
    every(TICK_INTERVAL, this::tick);
    every(settings.get().controller().every(), this::collect);
    every(DIAGNOSIS_INTERVAL, this::diagnose);
    access.elect(
        address,
        new ClusterAccess.ElectionListener() {
          @Override
          public void onChange(boolean leading) {
            executor.execute(() -> onElection(leading));
          }

          @Override
          public void onFailure(String reason) {
            executor.execute(() -> onElectionFailure(reason));
          }
        });
  }

  @Override
  public PlanSource planSource(String node) {
    return current -> {
      var standby = standbyReason();
      var plan = standby.isEmpty() ? plans.plan(node) : Optional.<AgentPlan>empty();
      return plan.map(Future::succeededFuture)
          .orElseGet(
              () ->
                  Future.failedFuture(
                      new PlanSource.UnavailableException(
                          standby.orElse("no plan for this node yet"))));
    };
  }

  @Override
  public ClusterEndpoints endpoints() {
    return new ControllerEndpoints(dependencies());
  }

  private ClusterDependencies dependencies() {
    return new ClusterDependencies(
        this::standbyReason,
        plans::of,
        this::source,
        () ->
            copy()
                .map(copy -> copy.evidence().inventory())
                .orElseGet(() -> poller.inventory().ifFresh(clock.instant())),
        () ->
            copy()
                .<Collection<AgentObservation>>map(ReplicaState::observed)
                .orElseGet(observations::observed),
        () -> copy().map(ReplicaState::diagnosed).orElseGet(findings::latest),
        () -> copy().map(ReplicaState::notProbed).orElseGet(plans::notProbed),
        this::view,
        () -> copy().map(ReplicaState::evidence).orElseGet(() -> evidence(clock.instant())),
        incidents::history,
        incidents::changes,
        this::state);
  }

  /**
   * The copy of the leader's data, if this replica does not lead, or has become the leader and has
   * not diagnosed yet. Empty: its own data are the best there are.
   */
  private Optional<ReplicaState> copy() {
    return access.stillLeading() && findings.latest().at().isPresent()
        ? Optional.empty()
        : mirror.ifFresh(clock.instant());
  }

  private DataSource source() {
    var now = clock.instant();
    var copy = copy();
    var leads = access.stillLeading();
    var leader = leads ? access.pod() : access.leader().orElse("");
    return copy.map(
            data ->
                new DataSource(
                    Optional.empty(), data.at(), Duration.between(data.at(), now).abs(), leader))
        .orElseGet(() -> new DataSource(standbyReason(), now, Duration.ZERO, leader));
  }

  private ReplicaState state() {
    return copy()
        .orElseGet(
            () ->
                ownState(
                    observations.observed().stream()
                        .map(AgentObservation::withoutResult)
                        .toList()));
  }

  private ReplicaState ownState(List<AgentObservation> observed) {
    var now = clock.instant();
    return new ReplicaState(
        now,
        evidence(now),
        observed,
        findings.latest(),
        plans.notProbed(),
        freeAddresses.samples(),
        observations.failed(),
        probeHistory.quarters(),
        incidents.history().all(),
        incidents.changes());
  }

  /** On a worker. */
  private void onCopy(ReplicaState copy) {
    if (!access.stillLeading()) {
      findings.follow(copy.diagnosed());
      incidents.follow(copy);
      probeHistory = new ProbeHistory(copy.probeHistory());
    }
  }

  private Optional<String> standbyReason() {
    return access.stillLeading()
        ? Optional.empty()
        : Optional.of(
            access
                .leader()
                .map(pod -> "this replica is a standby; the leader is pod " + pod)
                .orElse("this replica is a standby, and no leader is known; retry"));
  }

  private ClusterView view() {
    var copy = copy();
    var state = copy.orElseGet(() -> ownState(List.of()));
    var diagnosed = state.diagnosed();
    return new ClusterView(
        state.at(),
        settings.get().cluster(),
        copy.isPresent() ? Optional.empty() : standbyReason(),
        Optional.of(state.evidence().inventory()),
        diagnosed.at(),
        diagnosed.findings().stream().map(ClusterDependencies.Since::finding).toList(),
        since(diagnosed.findings()),
        diagnosed.notices().stream().map(ClusterDependencies.Since::finding).toList(),
        diagnosed.ignored().stream()
            .map(one -> new Findings.Ignored(one.found().finding(), one.reason()))
            .toList(),
        state.notProbed(),
        state.evidence().agents(),
        state.freeAddresses(),
        state.failures(),
        state.history(),
        costs.now());
  }

  private static Map<Finding, Instant> since(List<ClusterDependencies.Since> findings) {
    return findings.stream()
        .collect(
            toMap(
                ClusterDependencies.Since::finding,
                ClusterDependencies.Since::since,
                (one, other) -> one));
  }

  @Override
  public void replan() {
    needsPlan = true;
  }

  @Override
  public void close() {
    closed = true;
    access.close();
    ProberRuntime.await(poller.stop());
  }

  /** The configured interval of a source, or its shortest one where that is longer. */
  private static Function<InventorySource<?>, Duration> pollInterval(Settings settings) {
    return source -> {
      var resource = source.resource();
      var interval =
          settings.polls().every(resource.service(), resource.name()).orElse(Duration.ZERO);
      return interval.compareTo(source.minInterval()) > 0 ? interval : source.minInterval();
    };
  }

  private void every(Duration interval, Runnable work) {
    executor.execute(() -> executor.schedule(interval, () -> runAndRepeat(interval, work)));
  }

  private void runAndRepeat(Duration interval, Runnable work) {
    if (closed) {
      return;
    }
    executor.schedule(interval, () -> runAndRepeat(interval, work));
    work.run();
  }

  private void onElection(boolean leading) {
    lastElectionError = "";
    leadingSince = clock.instant();
    elections++;
    planned = Optional.empty();
    if (leading) {
      log.info("became leader");
      incidents.lead(leadingSince);
      poller.start().onSuccess(started -> needsPlan = true);
    } else {
      log.info("lost leadership");
      poller.stop().onSuccess(stopped -> dropState());
    }
  }

  private void onElectionFailure(String reason) {
    if (!reason.equals(lastElectionError)) {
      lastElectionError = reason;
      log.atWarn().addKeyValue("error", reason).log("cannot read or write the Lease");
    }
  }

  private void dropState() {
    meters.ceased();
    inventoryMeters.accept(Inventory.EMPTY, clock.instant());
    observations.forget();
    latencies = LatencyBaselines.none(settings.get().controller().every());
    lbAddresses.forget();
    findings.forget();
    incidents.clearMetrics();
    plans.forget();
    freeAddresses.clear();
  }

  private void onUpdate(Resource<?> resource, Inventory inventory) {
    pollChanges.onRead(resource, inventory.snapshot(resource));
    needsPlan = true;
  }

  /** Planning is tried again with each read, so an error is logged when it changes. */
  private void logPlanError(@Nullable Throwable error) {
    var text = error == null ? "" : error.toString();
    if (error != null && !text.equals(lastPlanError)) {
      log.atError().setCause(error).log("planning failed, keeping previous plans");
    }
    lastPlanError = text;
  }

  private void tick() {
    if (!access.stillLeading()) {
      lbAddresses.forget();
      costs.sample(clock.instant(), observations.received());
      access.leaderAddress().ifPresent(mirror::tick);
      return;
    }
    var now = clock.instant();
    var fresh = poller.inventory().ifFresh(now);
    meters.heartbeat(now);
    meters.desired(
        fresh
            .get(Resources.AGENTS)
            .map(fleet -> OptionalInt.of(fleet.desired()))
            .orElseGet(OptionalInt::empty));
    meters.reporting(observations.reporting());
    inventoryMeters.accept(poller.inventory(), now);
    freeAddresses.add(fresh);
    costs.sample(now, observations.received());
    plan();
  }

  /**
   * Computes the plans on a worker thread, one computation at a time, from the last value of each
   * resource, however old: an API that fails is no reason to stop probing. The worker also compares
   * the values with those of the last plans, as they may be large.
   */
  private void plan() {
    if (!needsPlan || planning) {
      return;
    }
    needsPlan = false;
    planning = true;
    var inputs = new PlanInputs(settings.get(), poller.inventory());
    var before = planned;
    var election = elections;
    executor
        .executeBlocking(
            () -> {
              if (before.filter(inputs::hasValuesOf).isEmpty()) {
                plans.update(planner.apply(inputs.settings(), inputs.inventory()));
              }
              return null;
            })
        .onComplete(
            done ->
                executor.execute(
                    () -> {
                      planned =
                          done.succeeded() && election == elections
                              ? Optional.of(inputs)
                              : Optional.empty();
                      planning = false;
                      logPlanError(done.cause());
                    }));
  }

  /** Runs the diagnosis on a worker thread, one at a time. */
  private void diagnose() {
    var now = clock.instant();
    if (!access.stillLeading()
        || diagnosisRunning
        || !(observations.isComplete() || agentsUnavailable(now))) {
      return;
    }
    diagnosisRunning = true;
    executor
        .executeBlocking(
            () -> {
              var reports = observations.reports(now);
              latencies = latencies.with(reports, now);
              var evidence = evidence(now, reports);
              findings.diagnose(evidence, access::stillLeading);
              if (access.stillLeading()) {
                incidents.update(evidence, findings.latest(), poller.inventory());
                probeHistory = probeHistory.add(now, evidence.agents());
              }
              return null;
            })
        .onFailure(
            e -> {
              log.atError().setCause(e).log("diagnosis failed");
              findings.withdraw();
            })
        .onComplete(done -> executor.execute(() -> diagnosisRunning = false));
  }

  /** The list of agents cannot be read; the diagnosis of everything else does not wait for it. */
  private boolean agentsUnavailable(Instant now) {
    var agents = poller.inventory().snapshot(Resources.AGENTS);
    return agents.value().isEmpty()
        && agents
            .unavailable()
            .filter(lack -> lack.reason() != Unavailable.Reason.NOT_YET)
            .isPresent()
        && Duration.between(leadingSince, now)
                .abs()
                .compareTo(settings.get().controller().every().multipliedBy(AGENT_WAIT_ROUNDS))
            >= 0;
  }

  private Evidence evidence(Instant now) {
    return evidence(now, observations.reports(now));
  }

  private Evidence evidence(Instant now, List<AgentReport> reports) {
    return new Evidence(now, poller.inventory().ifFresh(now), reports, latencies.usual());
  }

  /** Collects from the last known agents while the list of agents cannot be read. */
  private void collect() {
    var fleet = poller.inventory().get(Resources.AGENTS);
    if (access.stillLeading() && fleet.isPresent()) {
      observations
          .collect(addressed(fleet.get()), access::stillLeading)
          .onFailure(e -> log.atError().setCause(e).log("observation collection failed"));
    }
  }

  private static List<Agent> addressed(AgentFleet fleet) {
    return fleet.agents().stream().filter(agent -> !agent.address().isEmpty()).toList();
  }
}
