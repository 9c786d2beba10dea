package io.eksnet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.cli.Await;
import io.eksnet.web.PeerClient.Response;
import io.eksnet.web.PlanJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlanFetchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Response UNCHANGED = new Response(304, Optional.of("\"1\""), false, "");

  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<AgentPlan> carriedOut = new CopyOnWriteArrayList<>();
  private volatile Future<Response> answer = plan("\"1\"", "zone-a");
  private volatile Future<Void> carrying = Future.succeededFuture();

  @AfterEach
  void close() {
    ProberRuntime.await(vertx.close());
  }

  @Test
  void aPlanIsCarriedOutOnceAndThenOnlyConfirmed() throws Exception {
    try (var fetch = fetch()) {
      assertThat(fetch.age()).isNaN();
      Await.until("the plan", PATIENCE, () -> carriedOut.size(), times -> times == 1);

      answer = Future.succeededFuture(UNCHANGED);
      var then = asked.size();
      Await.until("confirmations", PATIENCE, () -> asked.size(), times -> times > then + 3);

      assertThat(carriedOut).hasSize(1);
      assertThat(asked.get(0)).isEqualTo("/api/v1/plan?node=node-a without");
      assertThat(asked.get(asked.size() - 1)).isEqualTo("/api/v1/plan?node=node-a \"1\"");
      assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-a");
      assertThat(fetch.age()).isLessThan(20);
    }
  }

  @Test
  void theLastPlanStaysWhenTheControllerIsGoneAndIsReplacedWhenItIsBack() throws Exception {
    try (var fetch = fetch()) {
      Await.until("the plan", PATIENCE, () -> carriedOut.size(), times -> times == 1);

      answer = Future.failedFuture("connection refused");
      var then = asked.size();
      Await.until("vain tries", PATIENCE, () -> asked.size(), times -> times > then + 3);
      assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-a");
      assertThat(fetch.age()).isGreaterThan(1);

      answer = plan("\"2\"", "zone-b");
      Await.until("another plan", PATIENCE, () -> carriedOut.size(), times -> times == 2);
      assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-b");
    }
  }

  @Test
  void whatIsNoPlanOfThisNodeChangesNothing() throws Exception {
    try (var fetch = fetch()) {
      Await.until("the plan", PATIENCE, () -> carriedOut.size(), times -> times == 1);
      for (var wrong :
          List.of(
              new Response(200, Optional.empty(), false, "no json"),
              new Response(
                  200,
                  Optional.empty(),
                  false,
                  PlanJson.write(new AgentPlan("another", "", List.of()))),
              new Response(401, Optional.empty(), false, "who are you"),
              new Response(302, Optional.empty(), false, ""),
              new Response(500, Optional.empty(), false, "oh"))) {
        answer = Future.succeededFuture(wrong);
        var then = asked.size();
        Await.until("two tries", PATIENCE, () -> asked.size(), times -> times > then + 1);
      }
      assertThat(carriedOut).hasSize(1);
      assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-a");
    }
  }

  @Test
  void aFollowerIsAskedAgainForAnotherConnectionMayReachTheLeader() throws Exception {
    var every = Duration.ofHours(1);
    answer = Future.succeededFuture(new Response(503, Optional.empty(), true, "this one follows"));
    try (var fetch = fetch(every)) {
      Await.until("a first try", PATIENCE, () -> asked.size(), times -> times > 0);
      answer = plan("\"1\"", "zone-a");
      Await.until("the plan", PATIENCE, () -> carriedOut.size(), times -> times == 1);
      assertThat(fetch.plan()).isPresent();
    }
  }

  @Test
  void aPlanThatCouldNotBeCarriedOutIsAskedForAgain() throws Exception {
    carrying = Future.failedFuture("no probe could be made");
    try (var fetch = fetch()) {
      Await.until("tries", PATIENCE, () -> carriedOut.size(), times -> times >= 2);
      assertThat(fetch.plan()).isEmpty();
      assertThat(fetch.age()).isNaN();
      assertThat(asked).allMatch(path -> path.endsWith("without"));

      carrying = Future.succeededFuture();
      Await.until("the plan", PATIENCE, fetch::plan, Optional::isPresent);
    }
  }

  private PlanFetch fetch() {
    return fetch(Duration.ofMillis(100));
  }

  private PlanFetch fetch(Duration every) {
    var fetch =
        new PlanFetch(
            vertx,
            Clock.systemUTC(),
            "node-a",
            every,
            (path, etag) -> {
              asked.add(path + " " + etag.orElse("without"));
              return answer;
            },
            PlanLanguage.of(AllowedTargets.THIS_HOST, false),
            plan -> {
              carriedOut.add(plan);
              return carrying;
            });
    fetch.start();
    return fetch;
  }

  private static Future<Response> plan(String etag, String zone) {
    var plan = PlanJson.write(new AgentPlan("node-a", zone, List.of()));
    return Future.succeededFuture(new Response(200, Optional.of(etag), false, plan));
  }
}
