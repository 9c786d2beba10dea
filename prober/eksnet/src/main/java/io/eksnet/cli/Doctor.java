package io.eksnet.cli;

import io.eksnet.agent.NodeWatch;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.agent.plan.ClusterDns;
import io.eksnet.config.Settings;
import io.eksnet.controller.ClusterAccess;
import io.eksnet.controller.FleetPlanner;
import io.eksnet.controller.KubeAwsAccess;
import io.eksnet.diagnosis.Diagnosis;
import io.eksnet.diagnosis.Findings;
import io.eksnet.inventory.OneShotRead;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.schedule.Scheduler;
import io.eksnet.schedule.SerialExecutor;
import io.eksnet.web.WebConfig;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs every probe and reads Kubernetes and AWS once. */
final class Doctor implements AutoCloseable {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final int GRACE_SECONDS = 30;
  private static final Unavailable NOT_CONTACTED =
      new Unavailable(Unavailable.Reason.ERROR, "doctor does not contact agents");

  private final ProberRuntime runtime;
  private final Settings settings;
  private final FleetPlanner planner;
  private final boolean agentsServeTls;
  private final Instant deadline;
  private final Duration timeout;
  private final Consumer<Check> progress;
  private final NodeWatch watch = new NodeWatch();
  private final RepeatedRuns runs;
  private final List<SkippedCheck> skipped = new ArrayList<>();
  private final Optional<ClusterAccess> access;
  private int started;

  /**
   * @param timeout of everything
   * @param progress takes each check when it is complete, on any thread
   */
  Doctor(
      ProberRuntime runtime,
      Settings settings,
      WebConfig web,
      Duration timeout,
      Consumer<Check> progress) {
    this.runtime = runtime;
    this.settings = settings;
    this.timeout = timeout;
    this.progress = progress;
    deadline = CLOCK.instant().plus(timeout);
    planner = new FleetPlanner((suite, count) -> {});
    agentsServeTls = web.tlsServerConfig().isPresent();
    runs = new RepeatedRuns(runtime.vertx(), scheduler(), watch::onObservation);
    access = access();
  }

  /** Waits for all checks; blocks. */
  DoctorReport run() {
    var reading = access.map(this::startReading);
    run(withoutMisleading(ProberRuntime.await(runtime.plan(settings)).tasks()));
    var inventory = reading.map(this::await).orElse(Inventory.EMPTY);
    run(assigned(inventory));
    var evidence = evidence(inventory);
    return new DoctorReport(
        evidence.now(),
        runs.done().stream().map(pair -> Check.of(pair.last())).toList(),
        Findings.of(
            Diagnosis.ofSingleRun(evidence),
            finding -> settings.diagnosis().reasonToIgnore(finding.cause(), finding.scope())),
        skipped(inventory),
        evidence.inventory().resources().stream()
            .anyMatch(part -> evidence.inventory().get(part).isPresent()));
  }

  private Future<Inventory> startReading(ClusterAccess cluster) {
    var executor = SerialExecutor.on(runtime.vertx());
    return new OneShotRead(executor, CLOCK, cluster.sources(), timeout.multipliedBy(2).dividedBy(3))
        .start();
  }

  @Override
  public void close() {
    access.ifPresent(ClusterAccess::close);
  }

  private Scheduler scheduler() {
    runtime.network().stalls().report(settings.limits().stall(), stall -> {});
    return new Scheduler(
        runtime.network(),
        runtime.networks(settings),
        CLOCK,
        runtime.allKinds(),
        RepeatedRuns.MAX_CONCURRENT,
        observation -> {},
        lag -> {});
  }

  private Optional<ClusterAccess> access() {
    var environment = runtime.environment();
    var kubernetes = environment.kubernetes() || Files.isReadable(environment.kubeconfig());
    if (!kubernetes) {
      skipped.add(new SkippedCheck("Kubernetes", "not in a pod, and no kubeconfig was found"));
    }
    if (runtime.region(settings).isEmpty() || settings.cluster().isEmpty()) {
      skipped.add(new SkippedCheck("AWS", "set cluster and region in the config, or AWS_REGION"));
    }
    if (environment.apiServer().isEmpty()) {
      skipped.add(
          new SkippedCheck(
              "cluster DNS, paths to pods and Services",
              "not in a pod, so the pod network cannot be tested from here"));
    }
    try {
      return Optional.of(KubeAwsAccess.openOnce(runtime, settings, kubernetes));
    } catch (RuntimeException e) {
      skipped.add(
          new SkippedCheck(
              "Kubernetes and AWS", "their clients cannot be started: " + e.getMessage()));
      return Optional.empty();
    }
  }

  private void run(List<Task> tasks) {
    var sorted = tasks.stream().sorted(Comparator.comparingInt(Check::rank)).toList();
    started += sorted.size();
    var left = Duration.between(CLOCK.instant(), deadline);
    await(runs.run(sorted, left, pair -> progress.accept(Check.of(pair.last()))));
  }

  /** For what ends by itself at the timeout. */
  private <T> T await(Future<T> future) {
    return ProberRuntime.await(future, timeout.plusSeconds(GRACE_SECONDS));
  }

  /**
   * Drops the lookups of cluster names through resolv.conf where it is not that of ordinary pods:
   * with dnsPolicy Default, as the controller has it, the resolver of the VPC is right not to know
   * them.
   */
  private List<Task> withoutMisleading(List<Task> tasks) {
    var conf = runtime.hostFiles().names().resolvConf();
    var ok = ClusterDns.nameserversOk(conf, runtime.environment().apiServer());
    watch.nameservers(ok.filter(Boolean::booleanValue));
    if (ok.orElse(true)) {
      return tasks;
    }
    skipped.add(
        new SkippedCheck(
            "cluster DNS as other pods use it",
            "resolv.conf names other servers than kube-dns: dnsPolicy Default, or a kubelet"
                + " setting"));
    return tasks.stream().filter(task -> !looksUpClusterNamesElsewhere(task)).toList();
  }

  private static boolean looksUpClusterNamesElsewhere(Task task) {
    return task.key() instanceof SeriesKey.DnsKey path
        && path.path().equals("resolvconf")
        && !List.of("aws", "external").contains(path.queryClass());
  }

  private List<Task> assigned(Inventory inventory) {
    if (runtime.environment().apiServer().isEmpty()) {
      return List.of();
    }
    var plans = planner.plan(settings, inventory);
    plans.errors().forEach(error -> skipped.add(SkippedCheck.of(error)));
    var plan = plans.forNode(runtime.environment().node());
    if (plan.isEmpty()) {
      skipped.add(
          new SkippedCheck(
              "paths from this node to pods, Services and load balancers",
              "found no agent on node " + runtime.environment().node()));
    }
    return plan.map(found -> AssignedTasks.of(found, settings, agentsServeTls)).orElse(List.of());
  }

  private Evidence evidence(Inventory inventory) {
    var now = CLOCK.instant();
    var node = runtime.environment().node();
    var zone =
        inventory.list(Resources.NODES).stream()
            .filter(known -> known.name().equals(node))
            .map(KubeNode::zone)
            .findFirst()
            .orElse("");
    var tracks = runs.done().stream().map(RepeatedRuns.RunPair::track).toList();
    var report = new AgentReport(node, zone, tracks, watch.report(now));
    var agents = inventory.snapshot(Resources.AGENTS);
    var others =
        agents.value().isEmpty()
            ? inventory
            : inventory.with(
                Resources.AGENTS,
                new Snapshot<>(
                    Optional.empty(), agents.at(), agents.interval(), Optional.of(NOT_CONTACTED)));
    return new Evidence(now, others.ifFresh(now), List.of(report));
  }

  private List<SkippedCheck> skipped(Inventory inventory) {
    var all = new ArrayList<>(skipped);
    if (inventory.get(Resources.AGENTS).isPresent()) {
      all.add(
          new SkippedCheck(
              "other nodes",
              "doctor does not contact agents; see the status page of the controller"));
    }
    all.addAll(SkippedCheck.in(inventory));
    var missed = started - runs.done().size();
    if (missed > 0) {
      all.add(
          new SkippedCheck(
              missed + " checks", "not complete within " + timeout.toSeconds() + " s"));
    }
    return all;
  }
}
