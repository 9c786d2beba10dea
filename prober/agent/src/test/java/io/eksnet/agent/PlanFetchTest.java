package io.eksnet.agent;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.schedule.VirtualTime;
import io.eksnet.web.PeerClient.Response;
import io.eksnet.web.PlanJson;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanFetchTest {
  private static final Response UNCHANGED = new Response(304, Optional.of("\"1\""), "");

  private final VirtualTime time = new VirtualTime();
  private final List<String> requests = new ArrayList<>();
  private final List<AgentPlan> applied = new ArrayList<>();
  private Future<Response> response = plan("\"1\"", "zone-a");
  private Future<Void> applying = Future.succeededFuture();

  private final PlanFetch fetch =
      new PlanFetch(
          time,
          time,
          "node-a",
          ofSeconds(10),
          new PlanClient(
              time,
              "node-a",
              (path, etag) -> {
                requests.add(path + " " + etag.orElse("without"));
                return response;
              },
              json -> PlanJson.read(json, AllowedTargets.THIS_HOST)),
          plan -> {
            applied.add(plan);
            return applying;
          });

  @Test
  void appliesAPlanOnceAndThenOnlyConfirmsIt() {
    fetch.start();
    assertThat(fetch.age()).isNaN();
    time.advance(ofSeconds(3));
    assertThat(applied).hasSize(1);

    response = Future.succeededFuture(UNCHANGED);
    time.advance(ofSeconds(40));

    assertThat(applied).hasSize(1);
    assertThat(requests).hasSize(5).startsWith("/api/v1/plan?node=node-a without");
    assertThat(requests.subList(1, 5)).containsOnly("/api/v1/plan?node=node-a \"1\"");
    assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-a");
    assertThat(fetch.age()).isLessThanOrEqualTo(10);
  }

  @Test
  void keepsThePlanWhileTheControllerIsGoneAndReplacesItWhenItIsBack() {
    fetch.start();
    time.advance(ofSeconds(3));

    response = Future.failedFuture("connection refused");
    time.advance(ofSeconds(60));
    assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-a");
    assertThat(fetch.age()).isGreaterThanOrEqualTo(60);

    response = plan("\"2\"", "zone-b");
    time.advance(ofSeconds(10));
    assertThat(applied).hasSize(2);
    assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-b");
    assertThat(fetch.age()).isLessThanOrEqualTo(10);
  }

  @Test
  void ignoresWhatIsNoPlanOfThisNode() {
    fetch.start();
    time.advance(ofSeconds(3));
    for (var wrong :
        List.of(
            new Response(200, Optional.empty(), "no json"),
            new Response(
                200, Optional.empty(), PlanJson.write(new AgentPlan("another", "", List.of()))),
            new Response(401, Optional.empty(), "who are you"),
            new Response(302, Optional.empty(), ""),
            new Response(500, Optional.empty(), "oh"))) {
      response = Future.succeededFuture(wrong);
      var before = requests.size();
      time.advance(ofSeconds(20));
      assertThat(requests).as("one attempt per interval").hasSize(before + 2);
    }
    assertThat(applied).hasSize(1);
    assertThat(fetch.plan().orElseThrow().zone()).isEqualTo("zone-a");
  }

  @Test
  void retriesSoonWhenAStandbyReplicaResponds() {
    response = Future.succeededFuture(new Response(503, Optional.empty(), "standby"));
    fetch.start();
    time.advance(ofSeconds(3));
    assertThat(requests).isNotEmpty();

    response = plan("\"1\"", "zone-a");
    time.advance(ofSeconds(1));

    assertThat(fetch.plan()).isPresent();
  }

  @Test
  void stopsRetryingUntilTheNextInterval() {
    response = Future.failedFuture("connection refused");
    fetch.start();
    time.advance(ofSeconds(63));

    assertThat(requests).as("four attempts per interval").hasSizeBetween(24, 28);
  }

  @Test
  void fetchesAPlanAgainThatCouldNotBeApplied() {
    applying = Future.failedFuture("no probe could be created");
    fetch.start();
    time.advance(ofSeconds(13));
    assertThat(applied).hasSize(2);
    assertThat(fetch.plan()).isEmpty();
    assertThat(fetch.age()).isNaN();
    assertThat(requests).allMatch(request -> request.endsWith("without"));

    applying = Future.succeededFuture();
    time.advance(ofSeconds(10));
    assertThat(fetch.plan()).isPresent();
  }

  @Test
  void fetchesNothingAfterItIsClosed() {
    fetch.start();
    time.advance(ofSeconds(3));
    fetch.close();
    time.advance(ofHours(1));
    assertThat(requests).hasSize(1);
  }

  private static Future<Response> plan(String etag, String zone) {
    var plan = PlanJson.write(new AgentPlan("node-a", zone, List.of()));
    return Future.succeededFuture(new Response(200, Optional.of(etag), plan));
  }
}
