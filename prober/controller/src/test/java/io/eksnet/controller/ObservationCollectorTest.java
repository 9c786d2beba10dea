package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.controller.web.AgentObservation;
import io.eksnet.model.MovedClock;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.inventory.Agent;
import io.eksnet.web.PeerClient.Response;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ObservationCollectorTest {
  private final MovedClock clock = new MovedClock(Instant.parse("2026-11-21T12:00:00Z"));
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Map<String, Response> answers = new ConcurrentHashMap<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final ObservationCollector collector =
      new ObservationCollector(
          vertx,
          Clock.systemUTC(),
          Duration.ofMinutes(1),
          (agent, path) -> {
            asked.add(agent.node() + path.substring(path.indexOf("since")));
            var answer = answers.get(agent.node());
            return answer == null ? Future.failedFuture("gone") : Future.succeededFuture(answer);
          },
          observation -> {});

  @AfterEach
  void close() {
    ProberRuntime.await(vertx.close());
  }

  @Test
  void fetchesOnlyWhatIsNewSinceTheLastResponse() {
    answers.put("a", answer("5-3", "shop", "success"));
    var agents = List.of(agent("a"), agent("b"));

    ProberRuntime.await(collector.collect(agents, () -> true));
    ProberRuntime.await(collector.collect(agents, () -> true));

    assertThat(asked).containsExactlyInAnyOrder("asince=0", "bsince=0", "asince=5-3", "bsince=0");
    assertThat(collector.reporting()).isEqualTo(1);
    assertThat(collector.observed()).extracting(AgentObservation::node).containsExactly("a");
  }

  @Test
  void fetchesPagesUntilOneIsNotFull() {
    var reads = new AtomicInteger();
    var catchingUp =
        new ObservationCollector(
            vertx,
            Clock.systemUTC(),
            Duration.ofMinutes(1),
            (agent, path) ->
                Future.succeededFuture(
                    reads.incrementAndGet() <= 3 ? many(500) : answer("5-3", "shop", "success")),
            observation -> {});

    ProberRuntime.await(catchingUp.collect(List.of(agent("a")), () -> true));

    assertThat(reads).hasValue(4);
    assertThat(catchingUp.received()).isEqualTo(1_501);
    assertThat(catchingUp.observed()).extracting(AgentObservation::id).contains("x/shop");
  }

  @Test
  void limitsThePagesOfOneAgent() {
    answers.put("a", many(500));
    answers.put("b", answer("5-3", "shop", "success"));

    ProberRuntime.await(collector.collect(List.of(agent("a"), agent("b")), () -> true));

    assertThat(asked).hasSizeLessThan(50).contains("bsince=0");
  }

  /** The agents of a zone that is cut off: each question to one of them takes its whole time. */
  @Test
  void unresponsiveAgentsDelayNoOther() {
    var questions = new ConcurrentHashMap<String, Integer>();
    var half =
        new ObservationCollector(
            vertx,
            Clock.systemUTC(),
            Duration.ofMinutes(1),
            (agent, path) -> {
              var times = questions.merge(agent.node(), 1, Integer::sum);
              if (agent.node().startsWith("good")) {
                return Future.succeededFuture(answer("5-3", "shop", "success"));
              }
              return times == 1
                  ? Future.failedFuture("gone")
                  : Promise.<Response>promise().future();
            },
            observation -> {});
    var agents =
        IntStream.range(0, 100).mapToObj(i -> agent((i % 2 == 0 ? "cut-" : "good-") + i)).toList();

    for (var round = 0; round < 4; round++) {
      ProberRuntime.await(half.collect(agents, () -> true));
    }

    assertThat(questions.entrySet())
        .filteredOn(asked -> asked.getKey().startsWith("good"))
        .hasSize(50)
        .allSatisfy(asked -> assertThat(asked.getValue()).isEqualTo(4));
    assertThat(questions.values().stream().filter(times -> times == 2)).hasSize(8);
    assertThat(half.reporting()).isEqualTo(50);
  }

  @Test
  void invalidResponsesAffectNoOtherAgent() {
    answers.put("good", answer("5-3", "shop", "success"));
    answers.put("html", new Response(200, Optional.empty(), "<html>"));
    answers.put("list", new Response(200, Optional.empty(), "[]"));
    answers.put("without", new Response(200, Optional.empty(), "{\"observations\": []}"));
    answers.put("wrong", new Response(200, Optional.empty(), "{\"observations\": 7}"));
    answers.put("strange", new Response(200, Optional.empty(), "{\"observations\": [7]}"));
    answers.put("denied", new Response(401, Optional.empty(), "{}"));
    answers.put("many", many(501));

    ProberRuntime.await(
        collector.collect(
            answers.keySet().stream().map(ObservationCollectorTest::agent).toList(), () -> true));

    assertThat(collector.reporting()).isEqualTo(1);
    assertThat(collector.observed()).extracting(AgentObservation::node).containsExactly("good");
  }

  @Test
  void limitsConcurrentRequestsAndRunsOneRoundAtATime() {
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    Queue<Promise<Response>> open = new ConcurrentLinkedQueue<>();
    var slow =
        new ObservationCollector(
            vertx,
            Clock.systemUTC(),
            Duration.ofMinutes(1),
            (agent, path) -> {
              most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              Promise<Response> promise = Promise.promise();
              open.add(promise);
              return promise.future().onComplete(done -> atOnce.decrementAndGet());
            },
            observation -> {});
    var agents = IntStream.range(0, 100).mapToObj(i -> agent("node-" + i)).toList();

    var round = slow.collect(agents, () -> true);
    assertThat(slow.collect(agents, () -> true).succeeded()).isTrue();
    assertThat(open).hasSize(ObservationCollector.CONCURRENT_REQUESTS);
    while (!round.isComplete()) {
      var next = open.poll();
      if (next != null) {
        next.complete(answer("5-1", "shop", "success"));
      }
      Thread.onSpinWait();
    }

    assertThat(most).hasValue(ObservationCollector.CONCURRENT_REQUESTS);
    assertThat(slow.reporting()).isEqualTo(100);
  }

  @Test
  void sendsNoRequestsAfterTheLeadershipEnded() {
    ProberRuntime.await(collector.collect(List.of(agent("a")), () -> false));

    assertThat(asked).isEmpty();
  }

  @Test
  void dropsResultsOfRemovedAgents() {
    answers.put("a", answer("5-3", "shop", "success"));
    ProberRuntime.await(collector.collect(List.of(agent("a")), () -> true));

    ProberRuntime.await(collector.collect(List.of(agent("b")), () -> true));

    assertThat(collector.observed()).isEmpty();
    assertThat(collector.reporting()).isZero();
  }

  /** More errors than results are kept, for an hour. */
  @Test
  void keepsErrorsOfLoadBalancersThatPrecedeTheResults() {
    var collector =
        new ObservationCollector(
            vertx,
            clock,
            Duration.ofMinutes(1),
            (agent, path) ->
                Future.succeededFuture(Objects.requireNonNull(answers.get(agent.node()))),
            observation -> {});
    var agents = List.of(agent("a"));
    var start = clock.instant();
    for (var code : List.of(502, 200, 502, 200, 200, 200, 200)) {
      clock.forward(Duration.ofMinutes(1));
      answers.put("a", lbAnswer(clock.instant(), code));
      ProberRuntime.await(collector.collect(agents, () -> true));
    }

    assertThat(errors(collector)).containsExactly(start.plusSeconds(180), start.plusSeconds(60));
    clock.forward(Duration.ofMinutes(55));
    answers.put("a", lbAnswer(clock.instant(), 200));
    ProberRuntime.await(collector.collect(agents, () -> true));
    assertThat(errors(collector)).containsExactly(start.plusSeconds(180));
  }

  private List<Instant> errors(ObservationCollector collector) {
    return collector.reports(clock.instant()).get(0).windows().get(0).earlierErrors().stream()
        .flatMap(List::stream)
        .map(Result::at)
        .toList();
  }

  private static Response lbAnswer(Instant at, int code) {
    var subject = "{\"type\": \"lb_path\", \"lb\": \"shop\", \"listener\": \"80\"}";
    var result =
        "{\"at\": \"%s\", \"outcome\": \"%s\", \"phase\": \"processing\", \"code\": %d,"
            + " \"by_load_balancer\": %s, \"retried\": false, \"took\": 0}";
    return new Response(
        200,
        Optional.empty(),
        ("{\"cursor\": \"5-3\", \"observations\": [{\"id\": \"x\", \"at\": \"%s\", \"subject\": %s,"
                + " \"result\": %s}]}")
            .formatted(
                at,
                subject,
                result.formatted(at, code == 200 ? "success" : "http_status", code, code != 200)));
  }

  @Test
  void ignoresResultsFromBeforeTheClockWasSetBack() {
    var collector = answered();
    ProberRuntime.await(collector.collect(List.of(agent("a")), () -> true));
    assertThat(collector.reports(clock.instant())).hasSize(1);

    clock.forward(Duration.ofHours(-1));

    assertThat(collector.reports(clock.instant())).isEmpty();
    assertThat(collector.reporting()).isZero();
  }

  /** A process that was stopped for a while, or whose clock was set, received nothing meanwhile. */
  @ParameterizedTest
  @ValueSource(longs = {10, -3600})
  void isIncompleteAgainAfterASuspendOrAClockChange(long minutes) {
    var collector = answered();
    var agents = List.of(agent("a"));
    ProberRuntime.await(collector.collect(agents, () -> true));
    assertThat(collector.isComplete()).isFalse();
    ProberRuntime.await(collector.collect(agents, () -> true));
    assertThat(collector.isComplete()).isTrue();

    clock.forward(Duration.ofMinutes(minutes));

    assertThat(collector.isComplete()).isFalse();
    ProberRuntime.await(collector.collect(agents, () -> true));
    assertThat(collector.isComplete()).as("the first may have begun before").isFalse();
    ProberRuntime.await(collector.collect(agents, () -> true));
    assertThat(collector.isComplete()).isTrue();
    assertThat(collector.reports(clock.instant())).hasSize(1);
  }

  private ObservationCollector answered() {
    return new ObservationCollector(
        vertx,
        clock,
        Duration.ofMinutes(1),
        (agent, path) -> Future.succeededFuture(answer("5-3", "shop", "success")),
        observation -> {});
  }

  @Test
  void rejectsInvalidTimesAndEmptyObservations() {
    for (var at :
        List.of(
            "+999999999-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z", "2201-01-01T00:00:00Z")) {
      answers.put(
          at, new Response(200, Optional.empty(), observations(1, "\"at\": \"" + at + "\"")));
    }
    answers.put("null", new Response(200, Optional.empty(), "null"));
    answers.put("nulls", new Response(200, Optional.empty(), "{\"observations\": [null]}"));
    answers.put("good", answer("5-3", "shop", "timeout"));

    ProberRuntime.await(
        collector.collect(
            answers.keySet().stream().map(ObservationCollectorTest::agent).toList(), () -> true));

    assertThat(collector.reports(Instant.now()))
        .extracting(AgentReport::node)
        .containsExactly("good");
    assertThat(collector.failed()).isEmpty();
  }

  @Test
  void limitsTheMemoryPerAgent() {
    var text = "<b>\\u001b[31m" + "x".repeat(4_000);
    var subject = "\"subject\": {\"type\": \"host_part\", \"suite\": \"%s\"}".formatted(text);
    for (var round = 0; round < 8; round++) {
      var from = 500 * round;
      answers.put(
          "loud",
          new Response(
              200,
              Optional.empty(),
              observations(
                      499,
                      subject,
                      "\"at\": \"2026-11-21T12:00:00Z\"",
                      "\"probe\": \"" + text + "\"")
                  .replace("\"id\": \"", "\"id\": \"" + from + "-")));
      ProberRuntime.await(collector.collect(List.of(agent("loud")), () -> true));
    }

    assertThat(collector.received()).isEqualTo(3_992);
    assertThat(collector.observed().stream().mapToLong(AgentObservation::weight).sum())
        .isBetween(16_000_000L, 32_000_000L);
    assertThat(collector.failed()).hasSizeLessThanOrEqualTo(50);

    var allowances =
        String.join(",", IntStream.range(0, 50_000).mapToObj(i -> "\"k" + i + "\": 1").toList());
    var page =
        AgentObservation.read(
            "n", "{\"cursor\": \"1-1\", \"host\": {\"allowances\": {" + allowances + "}}}", 1);
    assertThat(page.host().allowances()).isEmpty();
  }

  @Test
  void eventLoopHasNoWorkThatGrowsWithTheResults() {
    var few = allocatedByTheLoop(5);
    var many = allocatedByTheLoop(400);

    assertThat(few).isPositive();
    assertThat(many).as("bytes that the event loop allocates").isLessThan(2 * few);
  }

  /** Bytes for one agent a round, after some rounds. */
  private long allocatedByTheLoop(int results) {
    answers.put("a", observed(results));
    for (var round = 0; round < 20; round++) {
      collectOnTheLoop(List.of(agent("a")));
    }
    var before = THREADS.getThreadAllocatedBytes(loop());
    for (var round = 0; round < 20; round++) {
      collectOnTheLoop(List.of(agent("a")));
    }
    return (THREADS.getThreadAllocatedBytes(loop()) - before) / 20;
  }

  @Test
  void readersOfAllResultsHoldNoLockThatTheEventLoopNeeds() throws Exception {
    var agents = IntStream.range(0, 100).mapToObj(i -> agent("node-" + i)).toList();
    agents.forEach(agent -> answers.put(agent.node(), observed(100)));
    collectOnTheLoop(agents);
    var ended = new AtomicBoolean();
    var reports = new AtomicInteger();
    var reader =
        new Thread(
            () -> {
              while (!ended.get()) {
                reports.addAndGet(collector.reports(Instant.now()).size());
              }
            });
    reader.start();
    try {
      while (reports.get() < 20 * agents.size()) {
        var info =
            THREADS
                .getThreadInfo(new long[] {reader.getId()}, /* lockedMonitors= */ true, false)[0];
        assertThat(info.getLockedMonitors())
            .extracting(LockInfo::getClassName)
            .noneMatch(name -> name.startsWith("io.eksnet."));
      }
    } finally {
      ended.set(true);
      reader.join();
    }
  }

  private long loop() {
    Promise<Long> id = Promise.promise();
    loop.runOnContext(go -> id.complete(Thread.currentThread().getId()));
    return ProberRuntime.await(id.future());
  }

  private void collectOnTheLoop(List<Agent> agents) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(go -> collector.collect(agents, () -> true).onComplete(done));
    ProberRuntime.await(done.future());
  }

  private static Response observed(int count) {
    return new Response(
        200,
        Optional.empty(),
        observations(
            count,
            "\"success\": false",
            "\"at\": \"" + Instant.now() + "\"",
            "\"subject\": {\"type\": \"host_part\", \"suite\": \"ipamd\"}"));
  }

  private static String observations(int count, String... more) {
    var one =
        "{\"id\": \"%d\", \"outcome\": \"timeout\", "
            + String.join(", ", more).replace("%", "%%")
            + "}";
    var all = IntStream.range(0, count).mapToObj(one::formatted).toList();
    return "{\"cursor\": \"1-1\", \"observations\": [" + String.join(",", all) + "]}";
  }

  private static Agent agent(String node) {
    return new Agent(node, "zone", "127.0.0.1", true);
  }

  private static Response answer(String cursor, String probe, String outcome) {
    return new Response(
        200,
        Optional.empty(),
        "{\"cursor\": \"%s\", \"observations\": [{\"id\": \"x/%s\", \"probe\": \"%s\", \"kind\": \"tcp\", \"target\": \"t\", \"at\": \"2026-11-21T12:00:00Z\", \"outcome\": \"%s\", \"success\": true}]}"
            .formatted(cursor, probe, probe, outcome));
  }

  private static Response many(int count) {
    var one = "{\"id\": \"x\", \"at\": \"2026-11-21T12:00:00Z\"}";
    var all = String.join(",", IntStream.range(0, count).mapToObj(i -> one).toList());
    return new Response(
        200, Optional.empty(), "{\"cursor\": \"1-1\", \"observations\": [" + all + "]}");
  }
}
