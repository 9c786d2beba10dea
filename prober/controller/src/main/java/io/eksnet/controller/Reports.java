package io.eksnet.controller;

import io.eksnet.controller.page.FailedRun;
import io.eksnet.controller.web.AgentObservation;
import io.eksnet.controller.web.FailedRuns;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.Agent;
import io.eksnet.web.PeerClient.Response;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What agents observed, fetched from each: only what is new since the last time, some agents at
 * once, the last of each task kept as far as it fits.
 */
final class Reports {
  /** 5,000 agents in 10 s, each given 60 ms. */
  static final int AT_ONCE = 32;

  /** Of those that did not answer the last time: each may take as long as a question may. */
  private static final int SILENT_AT_ONCE = 8;

  private static final int MOST_AT_A_TIME = 500;

  /** All that an agent keeps, and more than it makes from one round to the next. */
  private static final int MOST_PAGES = 40;

  private static final int KEPT_IN_ALL = 400_000;

  /** As many of each task as a diagnosis looks at. */
  private static final int RESULTS = 4;

  /** Of one agent; an honest one's thousand tasks take about 4 MB. */
  private static final long MOST_BYTES = 32_000_000;

  private static final long BYTES_OF_A_TASK = RESULTS * 1_500L;

  private static final Duration FORGOTTEN = Duration.ofMinutes(5);
  private static final int INTERVALS = 3;

  /** An agent that starts with the controller has its first results in the second. */
  private static final int ENOUGH_ROUNDS = 2;

  private final Vertx vertx;
  private final Clock clock;
  private final Duration every;
  private final Ask ask;
  private final Map<String, Heard> byNode = new HashMap<>();
  private final FailedRuns failed = new FailedRuns();
  private final Set<String> silent = new HashSet<>();
  private boolean underWay;
  private boolean silentUnderWay;
  private int rounds;
  private Instant called = Instant.EPOCH;
  private long heard;

  /** Asks an agent. */
  @FunctionalInterface
  interface Ask {
    Future<Response> ask(Agent agent, String path);
  }

  private record Heard(
      String cursor,
      Instant at,
      String zone,
      HostReport host,
      Map<String, List<AgentObservation>> latest) {
    static final Heard NOTHING = new Heard("0", Instant.EPOCH, "", HostReport.NOTHING, Map.of());
  }

  Reports(Vertx vertx, Clock clock, Duration every, Ask ask) {
    this.vertx = vertx;
    this.clock = clock;
    this.every = every;
    this.ask = ask;
  }

  /**
   * Asks all of them once; called at each interval, and does nothing while it is still at it. One
   * that does not answer is asked again the next time, beside the others and not before them: a
   * zone that is cut off must not make the others look silent.
   *
   * @param goOn whether to go on; asked before each agent
   */
  Future<Void> round(List<Agent> agents, BooleanSupplier goOn) {
    var doubtful = doubtful(agents);
    var others = agents.stream().filter(agent -> !doubtful.contains(agent)).toList();
    if (beginWithSilent(doubtful)) {
      lanes(SILENT_AT_ONCE, doubtful, goOn).onComplete(done -> endOfSilent());
    }
    return begin(agents)
        ? lanes(AT_ONCE, others, goOn).eventually(this::end)
        : Future.succeededFuture();
  }

  private Future<Void> lanes(int atOnce, List<Agent> agents, BooleanSupplier goOn) {
    var queue = new ConcurrentLinkedQueue<>(agents);
    var lanes = IntStream.range(0, atOnce).mapToObj(i -> lane(queue, goOn)).toList();
    return Future.join(lanes).mapEmpty();
  }

  private synchronized List<Agent> doubtful(List<Agent> agents) {
    return agents.stream().filter(agent -> silent.contains(agent.node())).toList();
  }

  private synchronized boolean beginWithSilent(List<Agent> agents) {
    if (silentUnderWay || agents.isEmpty()) {
      return false;
    }
    silentUnderWay = true;
    return true;
  }

  private synchronized void endOfSilent() {
    silentUnderWay = false;
  }

  /** How many agents answered of late. */
  synchronized int reporting() {
    var now = clock.instant();
    return (int) byNode.values().stream().filter(heard -> ofLate(heard.at(), now)).count();
  }

  /** The last of each task. */
  synchronized Collection<AgentObservation> observed() {
    return byNode.values().stream()
        .flatMap(heard -> heard.latest().values().stream())
        .map(latest -> latest.get(0))
        .toList();
  }

  /** The runs that failed of late, newest first. */
  List<FailedRun> failed() {
    return failed.newest(clock.instant());
  }

  /** How many observations came since the start. */
  synchronized long heard() {
    return heard;
  }

  /** What the agents saw that had answered of late at {@code now}. */
  synchronized List<AgentReport> seen(Instant now) {
    return byNode.entrySet().stream()
        .filter(entry -> ofLate(entry.getValue().at(), now))
        .map(entry -> report(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** What was before the clock was set back is of unknown age, and not of late. */
  private boolean ofLate(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(every.multipliedBy(INTERVALS)) < 0;
  }

  private AgentReport report(String node, Heard heard) {
    var tracks =
        heard.latest().values().stream()
            .flatMap(latest -> track(latest, heard.at()).stream())
            .toList();
    return new AgentReport(node, heard.zone(), heard.at(), tracks, heard.host());
  }

  /** A task of which nothing was heard for long is no longer probed. */
  private static Optional<ResultWindow> track(List<AgentObservation> latest, Instant heard) {
    var results = latest.stream().flatMap(seen -> seen.result().stream()).toList();
    return latest
        .get(0)
        .subject()
        .filter(subject -> latest.get(0).at().plus(FORGOTTEN).isAfter(heard))
        .map(subject -> new ResultWindow(subject, results));
  }

  /**
   * Whether all agents had a chance to answer since the start, since all was forgotten, and since
   * this process stood still or its clock was set: then it is not they who are silent.
   */
  synchronized boolean asked() {
    return rounds >= ENOUGH_ROUNDS && ofLate(called, clock.instant());
  }

  /** Forgets everything: another leads, and asks for itself. */
  synchronized void forget() {
    rounds = 0;
    byNode.clear();
    silent.clear();
    failed.clear();
  }

  private synchronized boolean begin(List<Agent> agents) {
    var now = clock.instant();
    rounds = ofLate(called, now) ? rounds : 0;
    called = now;
    if (underWay) {
      return false;
    }
    underWay = true;
    Set<String> nodes = agents.stream().map(Agent::node).collect(Collectors.toSet());
    byNode.keySet().retainAll(nodes);
    silent.retainAll(nodes);
    return true;
  }

  private synchronized Future<Void> end() {
    underWay = false;
    rounds++;
    return Future.succeededFuture();
  }

  private Future<Void> lane(Queue<Agent> queue, BooleanSupplier goOn) {
    var next = goOn.getAsBoolean() ? queue.poll() : null;
    return next == null
        ? Future.succeededFuture()
        : pages(next, MOST_PAGES, goOn)
            .onComplete(asked -> remember(next.node(), asked.succeeded()))
            .otherwiseEmpty()
            .eventually(() -> lane(queue, goOn));
  }

  private synchronized void remember(String node, boolean answered) {
    if (answered) {
      silent.remove(node);
    } else {
      silent.add(node);
    }
  }

  /** One after the other until one is not full: what was kept for long is not what is so now. */
  private Future<Void> pages(Agent agent, int most, BooleanSupplier goOn) {
    return page(agent)
        .compose(
            page ->
                page.observations().size() < MOST_AT_A_TIME || most == 1 || !goOn.getAsBoolean()
                    ? Future.succeededFuture()
                    : pages(agent, most - 1, goOn));
  }

  private Future<AgentObservation.Page> page(Agent agent) {
    var path = "/api/v1/observations?limit=" + MOST_AT_A_TIME + "&since=" + cursor(agent.node());
    return ask.ask(agent, path)
        .compose(answer -> vertx.executeBlocking(() -> read(agent, answer), false))
        .onSuccess(page -> keep(agent, page));
  }

  private static AgentObservation.Page read(Agent agent, Response answer) {
    if (answer.status() != 200) {
      throw new IllegalArgumentException("answered " + answer.status());
    }
    return AgentObservation.read(agent.node(), answer.body(), MOST_AT_A_TIME);
  }

  private synchronized String cursor(String node) {
    return byNode.getOrDefault(node, Heard.NOTHING).cursor();
  }

  private synchronized void keep(Agent agent, AgentObservation.Page page) {
    var before = byNode.getOrDefault(agent.node(), Heard.NOTHING);
    var latest = new LinkedHashMap<>(before.latest());
    heard += page.observations().size();
    for (var told : page.observations()) {
      failed.add(told);
      var seen = told.withoutTrace();
      var earlier = latest.remove(seen.id());
      latest.put(seen.id(), newestFirst(seen, earlier == null ? List.of() : earlier));
    }
    forgetOldest(latest);
    byNode.put(
        agent.node(), new Heard(page.cursor(), clock.instant(), agent.zone(), page.host(), latest));
  }

  /** One that tells more than its share must not push out the others or fill the memory. */
  private void forgetOldest(Map<String, List<AgentObservation>> latest) {
    var share = Math.max(1, KEPT_IN_ALL / RESULTS / Math.max(1, byNode.size()));
    var bytes = latest.values().stream().mapToLong(Reports::weight).sum();
    var most = Math.min(MOST_BYTES, share * BYTES_OF_A_TASK);
    var oldest = new ArrayDeque<>(latest.keySet());
    while (latest.size() > share || bytes > most) {
      var gone = latest.remove(oldest.removeFirst());
      bytes -= gone == null ? 0 : weight(gone);
    }
  }

  private static long weight(List<AgentObservation> kept) {
    return kept.stream().mapToLong(AgentObservation::weight).sum();
  }

  private static List<AgentObservation> newestFirst(
      AgentObservation seen, List<AgentObservation> earlier) {
    return Stream.concat(Stream.of(seen), earlier.stream()).limit(RESULTS).toList();
  }
}
