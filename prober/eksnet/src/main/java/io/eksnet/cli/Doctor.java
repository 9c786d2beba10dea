package io.eksnet.cli;

import io.eksnet.agent.NodeWatch;
import io.eksnet.agent.PlanLanguage;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.plan.ClusterDns;
import io.eksnet.config.Settings;
import io.eksnet.controller.ClusterAccess;
import io.eksnet.controller.ClusterPlans;
import io.eksnet.controller.RealClusterAccess;
import io.eksnet.diagnosis.Diagnosis;
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
import io.eksnet.schedule.SchedulerListener;
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

/** One look at all that can be seen from here: what Kubernetes and AWS know, and own probes. */
final class Doctor implements AutoCloseable {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final int SLACK = 30;
  private static final Unavailable NOT_ASKED =
      new Unavailable(Unavailable.Reason.ERROR, "a doctor asks no agents");

  private final ProberRuntime ground;
  private final Settings settings;
  private final PlanLanguage language;
  private final ClusterPlans planner;
  private final Instant end;
  private final Duration within;
  private final Consumer<Check> each;
  private final NodeWatch watch = new NodeWatch();
  private final Runs runs;
  private final List<SkippedCheck> unseen = new ArrayList<>();
  private final Optional<ClusterAccess> facts;
  private int asked;

  /**
   * @param within how long it may take
   * @param each takes each check as it ends, on any thread
   */
  Doctor(
      ProberRuntime ground,
      Settings settings,
      WebConfig web,
      Duration within,
      Consumer<Check> each) {
    this.ground = ground;
    this.settings = settings;
    this.within = within;
    this.each = each;
    end = CLOCK.instant().plus(within);
    language = PlanLanguage.of(settings, web);
    planner = ClusterPlans.of(settings, (suite, many) -> {});
    runs = new Runs(ground.vertx(), engine(), watch::saw);
    facts = facts();
  }

  /** Looks. */
  DoctorReport checkup() {
    var glance =
        facts.map(
            known ->
                new OneShotRead(
                    ground.vertx(), CLOCK, known.sources(), within.multipliedBy(2).dividedBy(3)));
    var looking = glance.map(OneShotRead::look);
    var own = judged(ProberRuntime.await(ground.plan(settings)).tasks());
    run(own);
    var inventory = looking.map(this::awaited).orElse(Inventory.EMPTY);
    run(assigned(inventory));
    var evidence = evidence(inventory);
    return new DoctorReport(
        evidence.now(),
        runs.done().stream().map(ran -> Check.of(ran.last())).toList(),
        Diagnosis.ofSingleRun(evidence),
        unseen(inventory),
        evidence.inventory().resources().stream()
            .anyMatch(part -> evidence.inventory().get(part).isPresent()));
  }

  @Override
  public void close() {
    facts.ifPresent(ClusterAccess::close);
  }

  private Scheduler engine() {
    return new Scheduler(
        ground.network(),
        ground.networks(settings),
        CLOCK,
        ground.runnable(),
        Runs.AT_ONCE,
        settings.limits().stall(),
        observation -> {},
        SchedulerListener.NOOP);
  }

  private Optional<ClusterAccess> facts() {
    var surroundings = ground.surroundings();
    var kubernetes = surroundings.kubernetes() || Files.isReadable(surroundings.kubeconfig());
    if (!kubernetes) {
      unseen.add(new SkippedCheck("Kubernetes", "this is no pod, and there is no kubeconfig"));
    }
    if (ground.region(settings).isEmpty() || settings.cluster().isEmpty()) {
      unseen.add(
          new SkippedCheck(
              "AWS", "cluster and region are not set, in the config or by AWS_REGION"));
    }
    if (surroundings.apiServer().isEmpty()) {
      unseen.add(
          new SkippedCheck(
              "cluster DNS, ways to pods and Services",
              "this is no pod, and the pod network cannot be told from here"));
    }
    try {
      return Optional.of(RealClusterAccess.glance(ground, settings, kubernetes));
    } catch (RuntimeException e) {
      unseen.add(
          new SkippedCheck("Kubernetes and AWS", "their clients do not start: " + e.getMessage()));
      return Optional.empty();
    }
  }

  private void run(List<Task> tasks) {
    var sorted = tasks.stream().sorted(Comparator.comparingInt(Check::rank)).toList();
    asked += sorted.size();
    var left = Duration.between(CLOCK.instant(), end);
    awaited(runs.run(sorted, left, ran -> each.accept(Check.of(ran.last()))));
  }

  /** What bounds itself by {@link #within}. */
  private <T> T awaited(Future<T> future) {
    return ProberRuntime.await(future, within.plusSeconds(SLACK));
  }

  /**
   * Without those that say nothing where resolv.conf is not that of pods: a pod with dnsPolicy
   * Default, as the controller's, asks the resolver of the VPC, which rightly knows no cluster.
   */
  private List<Task> judged(List<Task> tasks) {
    var conf = ground.hostFiles().names().resolvConf();
    var ok = ClusterDns.nameserversOk(conf, ground.surroundings().apiServer());
    watch.nameservers(ok.filter(Boolean::booleanValue));
    if (ok.orElse(true)) {
      return tasks;
    }
    unseen.add(
        new SkippedCheck(
            "cluster DNS as other pods see it",
            "resolv.conf names other servers than kube-dns: dnsPolicy Default, or a wrong kubelet"));
    return tasks.stream().filter(task -> !asksOthersForTheCluster(task)).toList();
  }

  private static boolean asksOthersForTheCluster(Task task) {
    return task.key() instanceof SeriesKey.DnsKey path
        && path.path().equals("resolvconf")
        && !List.of("aws", "external").contains(path.queryClass());
  }

  private List<Task> assigned(Inventory inventory) {
    if (ground.surroundings().apiServer().isEmpty()) {
      return List.of();
    }
    var plan = planner.plans(settings.suites(), inventory).apply(ground.surroundings().node());
    if (plan.isEmpty()) {
      unseen.add(
          new SkippedCheck(
              "ways from this node to pods, Services and load balancers",
              "no agent of the cluster is known on " + ground.surroundings().node()));
    }
    return plan.map(known -> language.tasks(known, settings.suites())).orElse(List.of());
  }

  private Evidence evidence(Inventory inventory) {
    var now = CLOCK.instant();
    var node = ground.surroundings().node();
    var zone =
        inventory.list(Resources.NODES).stream()
            .filter(known -> known.name().equals(node))
            .map(KubeNode::zone)
            .findFirst()
            .orElse("");
    var tracks = runs.done().stream().map(Runs.Ran::track).toList();
    var report = new AgentReport(node, zone, now, tracks, watch.report(now));
    var agents = inventory.snapshot(Resources.AGENTS);
    var others =
        agents.value().isEmpty()
            ? inventory
            : inventory.with(
                Resources.AGENTS,
                new Snapshot<>(
                    Optional.empty(), agents.at(), agents.interval(), Optional.of(NOT_ASKED)));
    return new Evidence(now, others.ifFresh(now), List.of(report));
  }

  private List<SkippedCheck> unseen(Inventory inventory) {
    var all = new ArrayList<>(unseen);
    if (inventory.get(Resources.AGENTS).isPresent()) {
      all.add(
          new SkippedCheck(
              "what other nodes see", "a doctor asks no agents; see the controller's page"));
    }
    all.addAll(SkippedCheck.in(inventory));
    var missed = asked - runs.done().size();
    if (missed > 0) {
      all.add(new SkippedCheck(missed + " checks", "not done within " + within.toSeconds() + " s"));
    }
    return all;
  }
}
