package io.eksnet.controller;

import io.eksnet.agent.ClusterController;
import io.eksnet.agent.PlanFetch;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.config.Settings;
import io.eksnet.controller.metrics.DiagnosisMeters;
import io.eksnet.controller.page.ClusterView;
import io.eksnet.controller.page.FreeAddresses;
import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.controller.web.ControllerEndpoints;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Poller;
import io.eksnet.metrics.ControllerMeters;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.web.ClusterEndpoints;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a controller does while it leads: polls, makes the plans, collects observations. While it
 * does not, it waits and says so. Its timers run on one context, whose life the heartbeat shows.
 */
final class Controller implements ClusterController {
  private static final Logger log = LoggerFactory.getLogger(Controller.class);
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration DIAGNOSE = Duration.ofSeconds(3);

  /** Of asking agents, for which a diagnosis waits where nobody knows the agents. */
  private static final int ROUNDS = 3;

  /** Up to 30 target groups, health is read as often as the settings say. */
  private final Vertx vertx;

  private final io.vertx.core.Context context;
  private final Clock clock;
  private final Supplier<Settings> settings;
  private final ClusterAccess facts;
  private final Planner planner;
  private final ControllerMeters meters;
  private final BiConsumer<Inventory, Instant> gauges;
  private final Poller polls;
  private final PollLog pollLog = new PollLog();
  private final PlanPages pages;
  private final Reports reports;
  private final Diagnosing diagnosing;
  private final Costs costs;
  private final FreeAddresses freeAddresses = new FreeAddresses();
  private final Queue<Long> timers = new ConcurrentLinkedQueue<>();
  private Inventory planned = Inventory.EMPTY;
  private boolean planning;
  private boolean diagnoses;
  private Instant since = Instant.MIN;
  private String trouble = "";
  private volatile boolean toPlan;

  /**
   * @param settings those in force
   * @param facts opened already; closed with this
   * @param gauges takes what may be believed at a moment, again and again
   * @param found shows the findings of each diagnosis
   * @param costs what the prober costs
   * @param ask how an agent is asked
   */
  Controller(
      Vertx vertx,
      Clock clock,
      Supplier<Settings> settings,
      ClusterAccess facts,
      Planner planner,
      ControllerMeters meters,
      BiConsumer<Inventory, Instant> gauges,
      DiagnosisMeters found,
      Costs costs,
      Reports.Ask ask) {
    this.vertx = vertx;
    this.clock = clock;
    this.settings = settings;
    this.facts = facts;
    this.planner = planner;
    this.meters = meters;
    this.gauges = gauges;
    this.costs = costs;
    context = vertx.getOrCreateContext();
    pages = new PlanPages(planner);
    diagnosing = new Diagnosing(found);
    reports = new Reports(vertx, clock, settings.get().controller().every(), ask);
    polls =
        new Poller(
            context,
            clock,
            settings.get().cluster(),
            facts.sources(),
            facts::stillLeading,
            every(settings.get()),
            Poller.PATIENCE,
            this::heard);
  }

  @Override
  public void start() {
    meters.leader(() -> facts.stillLeading() ? 1 : 0);
    every(BEAT, this::beat);
    every(settings.get().controller().every(), this::collect);
    every(DIAGNOSE, this::diagnose);
    facts.elect(
        new ClusterAccess.Election() {
          @Override
          public void leading(boolean now) {
            context.runOnContext(go -> lead(now));
          }

          @Override
          public void failed(String reason) {
            context.runOnContext(go -> tell(reason));
          }
        });
  }

  @Override
  public PlanFetch.Source planSource() {
    return new OwnPlan(sources());
  }

  @Override
  public ClusterEndpoints endpoints() {
    return new ControllerEndpoints(sources());
  }

  private ClusterDependencies sources() {
    return new ClusterDependencies(
        this::following,
        pages::of,
        () -> polls.inventory().ifFresh(clock.instant()),
        reports::observed,
        diagnosing::last,
        this::view,
        () -> evidence(clock.instant()));
  }

  private Optional<String> following() {
    return facts.stillLeading()
        ? Optional.empty()
        : Optional.of(
            facts
                .leader()
                .map(pod -> "this replica follows; ask the pod " + pod + ", which leads")
                .orElse("this replica follows, and knows of none that leads; ask again"));
  }

  private ClusterView view() {
    var now = clock.instant();
    return new ClusterView(
        now,
        following(),
        Optional.of(polls.inventory().ifFresh(now)),
        diagnosing.last().at(),
        diagnosing.last().findings().stream().map(ClusterDependencies.Since::finding).toList(),
        reports.seen(now),
        freeAddresses.samples(),
        reports.failed(),
        costs.now());
  }

  @Override
  public void replan() {
    toPlan = true;
  }

  @Override
  public void close() {
    timers.forEach(vertx::cancelTimer);
    facts.close();
    ProberRuntime.await(polls.stop());
  }

  /** The configured interval of a source, or its shortest one where that is longer. */
  private static Function<InventorySource<?>, Duration> every(Settings settings) {
    var polls = settings.polls();
    return source -> {
      var resource = source.resource();
      var interval = polls.every(resource.service(), resource.name()).orElse(Duration.ZERO);
      return interval.compareTo(source.minInterval()) > 0 ? interval : source.minInterval();
    };
  }

  private void every(Duration period, Runnable work) {
    context.runOnContext(
        go ->
            timers.add(vertx.setPeriodic(period.toMillis(), period.toMillis(), id -> work.run())));
  }

  private void lead(boolean now) {
    trouble = "";
    since = clock.instant();
    if (now) {
      log.info("leading");
      polls.start().onSuccess(started -> toPlan = true);
    } else {
      log.info("leading no more");
      polls.stop().onSuccess(stopped -> cease());
    }
  }

  private void cease() {
    meters.ceased();
    gauges.accept(Inventory.EMPTY, clock.instant());
    reports.forget();
    diagnosing.forget();
    pages.forget();
    freeAddresses.clear();
  }

  private void heard(Resource<?> part, Inventory inventory) {
    pollLog.heard(part, inventory);
    var known = inventory.snapshot(part);
    toPlan |= !known.value().equals(planned.snapshot(part).value());
  }

  private void beat() {
    if (!facts.stillLeading()) {
      return;
    }
    var now = clock.instant();
    var believed = polls.inventory().ifFresh(now);
    meters.heartbeat(now);
    meters.desired(
        believed
            .get(Resources.AGENTS)
            .map(fleet -> OptionalInt.of(fleet.desired()))
            .orElseGet(OptionalInt::empty));
    meters.reporting(reports.reporting());
    gauges.accept(polls.inventory(), now);
    freeAddresses.add(believed);
    costs.add(now, reports.heard());
    plan();
  }

  /**
   * Off the loop, one at a time. The last value of a part that can no longer be read still counts
   * here: that an API does not answer is no reason to stop probing.
   */
  private void plan() {
    if (!toPlan || planning) {
      return;
    }
    toPlan = false;
    planning = true;
    var inventory = polls.inventory();
    var suites = settings.get().suites();
    vertx
        .executeBlocking(
            () -> {
              pages.show(planner.plans(suites, inventory));
              return null;
            },
            false)
        .onFailure(e -> log.atError().setCause(e).log("no plans made, the last ones stay"))
        .onComplete(
            done ->
                context.runOnContext(
                    go -> {
                      planned = inventory;
                      planning = false;
                    }));
  }

  /** Off the loop, one at a time. */
  private void diagnose() {
    var now = clock.instant();
    if (!facts.stillLeading() || diagnoses || !(reports.asked() || nobodyToAsk(now))) {
      return;
    }
    diagnoses = true;
    vertx
        .executeBlocking(
            () -> {
              diagnosing.of(evidence(now), facts::stillLeading);
              return null;
            },
            false)
        .onFailure(
            e -> {
              log.atError().setCause(e).log("no diagnosis");
              diagnosing.forget();
            })
        .onComplete(done -> context.runOnContext(go -> diagnoses = false));
  }

  /** Which agents there are could not be read for a while: the others must not wait for them. */
  private boolean nobodyToAsk(Instant now) {
    var agents = polls.inventory().snapshot(Resources.AGENTS);
    return agents.value().isEmpty()
        && agents
            .unavailable()
            .filter(lack -> lack.reason() != Unavailable.Reason.NOT_YET)
            .isPresent()
        && Duration.between(since, now).abs().compareTo(patience()) >= 0;
  }

  private Duration patience() {
    return settings.get().controller().every().multipliedBy(ROUNDS);
  }

  private Evidence evidence(Instant now) {
    return new Evidence(now, polls.inventory().ifFresh(now), reports.seen(now));
  }

  /** As with plans, the agents that were known last are asked while they cannot be read. */
  private void collect() {
    var fleet = polls.inventory().get(Resources.AGENTS);
    if (facts.stillLeading() && fleet.isPresent()) {
      reports
          .round(addressed(fleet.get()), facts::stillLeading)
          .onFailure(e -> log.atError().setCause(e).log("observations not collected"));
    }
  }

  private static List<Agent> addressed(AgentFleet fleet) {
    return fleet.agents().stream().filter(agent -> !agent.address().isEmpty()).toList();
  }

  private void tell(String reason) {
    if (!reason.equals(trouble)) {
      trouble = reason;
      log.atWarn().addKeyValue("reason", reason).log("the lease cannot be read or written");
    }
  }
}
