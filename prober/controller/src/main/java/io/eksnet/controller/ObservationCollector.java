package io.eksnet.controller;

import io.eksnet.controller.page.FailedRun;
import io.eksnet.controller.web.AgentObservation;
import io.eksnet.controller.web.FailedRuns;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Collects the observations of all agents. Fetches from several agents at once, only what is new
 * since the last round, and keeps the latest results of each task within a memory limit.
 *
 * <p>Used by the event loop and by workers. Pages are parsed and kept on workers, and no reader
 * holds a lock while it reads the results of all agents, for which the event loop would wait.
 */
final class ObservationCollector {
  /** Enough for 5,000 agents in 10 s at 60 ms each. */
  static final int CONCURRENT_REQUESTS = 32;

  /** For agents that did not respond in the round before: each may take the whole timeout. */
  private static final int CONCURRENT_RETRIES = 8;

  private static final int PAGE_SIZE = 500;

  /** An agent keeps no more than these pages hold. */
  private static final int MAX_PAGES = 40;

  private static final int MAX_RESULTS = 400_000;

  /** As many as the diagnosis uses. */
  private static final int RESULTS_PER_TASK = 4;

  /** Against memory exhaustion by one agent; a thousand tasks take about 4 MB. */
  private static final long MAX_BYTES_PER_AGENT = 32_000_000;

  private static final long BYTES_PER_TASK = RESULTS_PER_TASK * 1_500L;

  private static final Duration TASK_EXPIRY = Duration.ofMinutes(5);

  /** How long errors of load balancers are kept, of which single ones are rare. */
  private static final Duration ERROR_HISTORY = Duration.ofHours(1);

  private static final int MAX_ERRORS_PER_TASK = 20;
  private static final int FRESH_INTERVALS = 3;

  /**
   * An agent that starts together with the controller has its first results in the second round.
   */
  private static final int MIN_ROUNDS = 2;

  private final Vertx vertx;
  private final Clock clock;
  private final Duration every;
  private final AgentClient client;
  private final Consumer<AgentObservation> listener;
  private final Map<String, AgentState> byNode = new ConcurrentHashMap<>();
  private final FailedRuns failed = new FailedRuns();
  private final Set<String> unresponsiveNodes = new HashSet<>();
  private boolean collecting;
  private boolean retrying;
  private int rounds;
  private Instant lastRound = Instant.EPOCH;
  private final LongAdder received = new LongAdder();

  /** Sends requests to agents. */
  @FunctionalInterface
  interface AgentClient {
    Future<Response> get(Agent agent, String path);
  }

  /**
   * What is kept of an agent. Its maps do not change.
   *
   * @param latest the runs of each task, newest first
   */
  private record AgentState(
      String cursor,
      Instant at,
      String zone,
      HostReport host,
      Map<String, List<KeptRun>> latest,
      Map<String, List<Result>> errors) {
    static final AgentState EMPTY =
        new AgentState("0", Instant.EPOCH, "", HostReport.NOTHING, Map.of(), Map.of());
  }

  /**
   * An observation.
   *
   * @param bytes about how many it takes to keep
   */
  private record KeptRun(AgentObservation observation, int bytes) {
    static KeptRun of(AgentObservation observation) {
      return new KeptRun(observation, observation.weight());
    }
  }

  /**
   * A collector that has no observations yet.
   *
   * @param listener gets each new observation, on workers
   */
  ObservationCollector(
      Vertx vertx,
      Clock clock,
      Duration every,
      AgentClient client,
      Consumer<AgentObservation> listener) {
    this.listener = listener;
    this.vertx = vertx;
    this.clock = clock;
    this.every = every;
    this.client = client;
  }

  /**
   * Fetches from all agents once; to be called at each interval, and does nothing while the round
   * before still runs. Agents that did not respond in that round are retried beside the others, so
   * that a zone that is cut off does not delay them.
   *
   * @param leading whether to continue; called before each request
   */
  Future<Void> collect(List<Agent> agents, BooleanSupplier leading) {
    var unresponsive = unresponsive(agents);
    var others = agents.stream().filter(agent -> !unresponsive.contains(agent)).toList();
    if (beginRetries(unresponsive)) {
      workers(CONCURRENT_RETRIES, unresponsive, leading).onComplete(done -> endRetries());
    }
    return begin(agents)
        ? workers(CONCURRENT_REQUESTS, others, leading).eventually(this::end)
        : Future.succeededFuture();
  }

  private Future<Void> workers(int count, List<Agent> agents, BooleanSupplier leading) {
    var queue = new ConcurrentLinkedQueue<>(agents);
    var workers = IntStream.range(0, count).mapToObj(i -> worker(queue, leading)).toList();
    return Future.join(workers).mapEmpty();
  }

  private synchronized List<Agent> unresponsive(List<Agent> agents) {
    return agents.stream().filter(agent -> unresponsiveNodes.contains(agent.node())).toList();
  }

  private synchronized boolean beginRetries(List<Agent> agents) {
    if (retrying || agents.isEmpty()) {
      return false;
    }
    retrying = true;
    return true;
  }

  private synchronized void endRetries() {
    retrying = false;
  }

  /** The number of agents that responded recently. */
  int reporting() {
    var now = clock.instant();
    return (int) byNode.values().stream().filter(agent -> isRecent(agent.at(), now)).count();
  }

  /** The latest observation of each task. */
  Collection<AgentObservation> observed() {
    return byNode.values().stream()
        .flatMap(agent -> agent.latest().values().stream())
        .map(latest -> latest.get(0).observation())
        .toList();
  }

  /** Recent failed runs, newest first. */
  List<FailedRun> failed() {
    return failed.newest(clock.instant());
  }

  /** The number of observations since the start. */
  long received() {
    return received.sum();
  }

  /** The results of all agents that responded recently; takes long with many of them. */
  List<AgentReport> reports(Instant now) {
    return byNode.entrySet().stream()
        .filter(entry -> isRecent(entry.getValue().at(), now))
        .map(entry -> report(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Values from after {@code now} have an unknown age: the clock was set back. */
  private boolean isRecent(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(every.multipliedBy(FRESH_INTERVALS)) < 0;
  }

  private AgentReport report(String node, AgentState agent) {
    var windows =
        agent.latest().entrySet().stream()
            .flatMap(
                task ->
                    window(
                        task.getValue(),
                        agent.errors().getOrDefault(task.getKey(), List.of()),
                        agent.at())
                        .stream())
            .toList();
    return new AgentReport(node, agent.zone(), windows, agent.host());
  }

  /** Empty for a task without recent results: it is no longer probed. */
  private static Optional<ResultWindow> window(
      List<KeptRun> latest, List<Result> errors, Instant now) {
    var results = latest.stream().flatMap(run -> run.observation().result().stream()).toList();
    var newest = latest.get(0).observation();
    return newest
        .subject()
        .filter(subject -> newest.at().plus(TASK_EXPIRY).isAfter(now))
        .map(
            subject ->
                subject instanceof LbKey
                    ? new ResultWindow(subject, results, Optional.of(before(results, errors, now)))
                    : new ResultWindow(subject, results))
        .map(window -> fresh(window, now));
  }

  /** An agent whose event loop is blocked still responds, without new results. */
  private static ResultWindow fresh(ResultWindow window, Instant now) {
    var stale =
        window.last().isPresent()
            && window
                .freshFor()
                .filter(fresh -> window.last().get().at().plus(fresh).isBefore(now))
                .isPresent();
    return stale ? window.notProbed() : window;
  }

  private static List<Result> before(List<Result> results, List<Result> errors, Instant now) {
    var oldest = results.isEmpty() ? now : results.get(results.size() - 1).at();
    return errors.stream()
        .filter(error -> error.at().isBefore(oldest))
        .filter(error -> error.at().isAfter(now.minus(ERROR_HISTORY)))
        .toList();
  }

  /**
   * Whether all agents have had the chance to respond since the start, since this replica became
   * the leader, and since this process was suspended or its clock was set. Only then is an agent
   * without results a fault of that agent.
   */
  synchronized boolean isComplete() {
    return rounds >= MIN_ROUNDS && isRecent(lastRound, clock.instant());
  }

  /** Drops all results: another replica leads. */
  synchronized void forget() {
    rounds = 0;
    byNode.clear();
    unresponsiveNodes.clear();
    failed.clear();
  }

  private synchronized boolean begin(List<Agent> agents) {
    var now = clock.instant();
    rounds = isRecent(lastRound, now) ? rounds : 0;
    lastRound = now;
    if (collecting) {
      return false;
    }
    collecting = true;
    Set<String> nodes = agents.stream().map(Agent::node).collect(Collectors.toSet());
    byNode.keySet().retainAll(nodes);
    unresponsiveNodes.retainAll(nodes);
    return true;
  }

  private synchronized Future<Void> end() {
    collecting = false;
    rounds++;
    return Future.succeededFuture();
  }

  private Future<Void> worker(Queue<Agent> queue, BooleanSupplier leading) {
    var next = leading.getAsBoolean() ? queue.poll() : null;
    return next == null
        ? Future.succeededFuture()
        : pages(next, MAX_PAGES, leading)
            .onComplete(response -> recordResponse(next.node(), response.succeeded()))
            .otherwiseEmpty()
            .eventually(() -> worker(queue, leading));
  }

  private synchronized void recordResponse(String node, boolean responded) {
    if (responded) {
      unresponsiveNodes.remove(node);
    } else {
      unresponsiveNodes.add(node);
    }
  }

  /** Fetches pages until one is not full, so that the latest results are among them. */
  private Future<Void> pages(Agent agent, int limit, BooleanSupplier leading) {
    return page(agent)
        .compose(
            page ->
                page.observations().size() < PAGE_SIZE || limit == 1 || !leading.getAsBoolean()
                    ? Future.succeededFuture()
                    : pages(agent, limit - 1, leading));
  }

  private Future<AgentObservation.Page> page(Agent agent) {
    var path = "/api/v1/observations?limit=" + PAGE_SIZE + "&since=" + cursor(agent.node());
    return client
        .get(agent, path)
        .compose(
            response ->
                vertx.executeBlocking(
                    () -> {
                      var page = read(agent, response);
                      keep(agent, page);
                      return page;
                    },
                    false));
  }

  private static AgentObservation.Page read(Agent agent, Response response) {
    if (response.status() != 200) {
      throw new IllegalArgumentException("status " + response.status());
    }
    return AgentObservation.read(agent.node(), response.body(), PAGE_SIZE);
  }

  private String cursor(String node) {
    return byNode.getOrDefault(node, AgentState.EMPTY).cursor();
  }

  /** No more than one request to an agent is in flight, so nothing else changes its state. */
  private void keep(Agent agent, AgentObservation.Page page) {
    var before = byNode.getOrDefault(agent.node(), AgentState.EMPTY);
    var latest = new LinkedHashMap<>(before.latest());
    var errors = new HashMap<>(before.errors());
    received.add(page.observations().size());
    for (var observation : page.observations()) {
      failed.add(observation);
      listener.accept(observation);
      var seen = observation.withoutTrace();
      var earlier = latest.remove(seen.id());
      latest.put(seen.id(), newestFirst(seen, earlier == null ? List.of() : earlier));
      lbError(seen)
          .ifPresent(
              error ->
                  errors.merge(
                      seen.id(),
                      List.of(error),
                      (kept, added) ->
                          Stream.concat(added.stream(), kept.stream())
                              .limit(MAX_ERRORS_PER_TASK)
                              .toList()));
    }
    forgetOldest(latest);
    errors.keySet().retainAll(latest.keySet());
    byNode.put(
        agent.node(),
        new AgentState(page.cursor(), clock.instant(), agent.zone(), page.host(), latest, errors));
  }

  /** The result, if a load balancer itself responded with a 5xx code. */
  private static Optional<Result> lbError(AgentObservation seen) {
    return seen.result()
        .filter(result -> seen.subject().filter(LbKey.class::isInstance).isPresent())
        .filter(result -> result.byLoadBalancer() && result.code() >= 500);
  }

  /** Limits each agent to its share of the memory. */
  private void forgetOldest(Map<String, List<KeptRun>> latest) {
    var share = Math.max(1, MAX_RESULTS / RESULTS_PER_TASK / Math.max(1, byNode.size()));
    var bytes = latest.values().stream().mapToLong(ObservationCollector::weight).sum();
    var limit = Math.min(MAX_BYTES_PER_AGENT, share * BYTES_PER_TASK);
    var oldest = new ArrayDeque<>(latest.keySet());
    while (latest.size() > share || bytes > limit) {
      var removed = latest.remove(oldest.removeFirst());
      bytes -= removed == null ? 0 : weight(removed);
    }
  }

  private static long weight(List<KeptRun> kept) {
    return kept.stream().mapToLong(KeptRun::bytes).sum();
  }

  private static List<KeptRun> newestFirst(AgentObservation seen, List<KeptRun> earlier) {
    return Stream.concat(Stream.of(KeptRun.of(seen)), earlier.stream())
        .limit(RESULTS_PER_TASK)
        .toList();
  }
}
