package io.eksnet.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.CallerIdentity;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.web.Endpoints;
import io.eksnet.web.SharedToken;
import io.eksnet.web.Views;
import io.eksnet.web.WebConfig;
import io.eksnet.web.WebFixture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PeerApiTest {
  private static final String TOKEN = "a-token-of-this-cluster";
  private static final Inventory KNOWN =
      Inventory.EMPTY
          .with(
              Resources.SUBNETS,
              Snapshot.of(
                  List.of(
                      new Subnet(
                          "subnet-1",
                          "eu-central-1a",
                          "10.0.0.0/24",
                          17,
                          Set.of(SubnetRole.ELB_INTERNAL),
                          Map.of("kubernetes.io/role/internal-elb", "1"),
                          List.of())),
                  WebFixture.NOON,
                  Duration.ofMinutes(1)))
          .with(
              Resources.CALLER_IDENTITY,
              Snapshot.<CallerIdentity>notYet(Duration.ofMinutes(5))
                  .after(new Unavailable(Unavailable.Reason.DENIED, "not allowed")));

  @TempDir Path directory;
  private volatile Optional<String> following = Optional.empty();
  private volatile PlanPage plan = new PlanPage.Ready("\"1\"", Buffer.buffer("{\"node\":\"a\"}"));

  @Test
  void planIsNotSentAgainIfUnchanged() throws Exception {
    try (var server = controller()) {
      var first = server.get("/api/v1/plan?node=a");
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.body()).isEqualTo("{\"node\":\"a\"}");
      assertThat(first.headers().firstValue("ETag")).contains("\"1\"");

      var again = server.get("/api/v1/plan?node=a", "If-None-Match", "\"0\", W/\"1\"");
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();

      plan = new PlanPage.Ready("\"2\"", Buffer.buffer("{}"));
      assertThat(server.get("/api/v1/plan?node=a", "If-None-Match", "\"1\"").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void standbyAndIncompleteInventoryGet503InsteadOfAnEmptyPlan() throws Exception {
    try (var server = controller()) {
      plan = new PlanPage.NotYet("not enough is known");
      var notYet = server.get("/api/v1/plan?node=a");
      assertThat(notYet.statusCode()).isEqualTo(503);
      assertThat(notYet.headers().firstValue("Retry-After")).contains("1");

      following = Optional.of("this replica follows");
      assertThat(server.get("/api/v1/plan?node=a").body()).contains("this replica follows");
      assertThat(server.get("/api/v1/inventory").statusCode()).isEqualTo(503);
      assertThat(server.get("/api/v1/evidence").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void rejectsInvalidNodeNames() throws Exception {
    try (var server = controller()) {
      assertThat(server.get("/api/v1/plan").statusCode()).isEqualTo(400);
      assertThat(server.get("/api/v1/plan?node=a%2Fb").statusCode()).isEqualTo(400);
      assertThat(server.get("/api/v1/plan?node=" + "a".repeat(254)).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void inventoryHasValuesAgesAndReasons() throws Exception {
    try (var server = controller()) {
      var parts = new JsonObject(server.get("/api/v1/inventory").body()).getJsonObject("parts");

      var subnets = parts.getJsonObject("subnets");
      assertThat(subnets.getInteger("age_seconds")).isEqualTo(60);
      assertThat(subnets.getInteger("every_seconds")).isEqualTo(60);
      assertThat(subnets.getJsonArray("value").getJsonObject(0))
          .isEqualTo(
              new JsonObject(
                  """
                  {"id": "subnet-1", "zone": "eu-central-1a",
                   "cidr": "10.0.0.0/24", "available": 17,
                   "roles": ["elb_internal"],
                   "tags": {"kubernetes.io/role/internal-elb": "1"}, "reservations": []}
                  """));
      var identity = parts.getJsonObject("caller_identity");
      assertThat(identity.getJsonObject("lack"))
          .isEqualTo(new JsonObject().put("why", "denied").put("detail", "not allowed"));
      assertThat(identity.containsKey("value")).isFalse();
      assertThat(parts.getJsonObject("nodes").getJsonObject("lack").getString("why"))
          .isEqualTo("not_yet");

      var one = server.get("/api/v1/inventory?part=subnets").body();
      assertThat(new JsonObject(one).getJsonObject("parts").fieldNames())
          .containsExactly("subnets");
    }
  }

  @Test
  void evidenceRoundTrips() throws Exception {
    try (var server = controller()) {
      assertThat(EvidenceJson.read(server.get("/api/v1/evidence").body()))
          .isEqualTo(new Evidence(WebFixture.NOON, KNOWN, List.of()));
    }
  }

  @Test
  void rejectsAWrongTokenEvenFromThisHost() throws Exception {
    try (var server = controller()) {
      for (var path :
          List.of("plan?node=a", "inventory", "evidence", "replica", "observations?since=0")) {
        var uri = "/api/v1/" + path;
        assertThat(server.get(uri).statusCode()).isEqualTo(200);
        assertThat(server.get(uri, "Authorization", "Bearer " + TOKEN).statusCode()).isEqualTo(200);
        var wrong = server.get(uri, "Authorization", "Bearer " + TOKEN + "x");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).doesNotContain(TOKEN);
      }
    }
  }

  @Test
  void tokenReplacesThePasswordOnPeerEndpointsOnly() throws Exception {
    var hash = at.favre.lib.crypto.bcrypt.BCrypt.withDefaults().hashToString(4, "pw".toCharArray());
    var asking =
        new WebConfig(Optional.empty(), Map.of("user", hash), WebConfig.OPEN.httpServerConfig());
    try (var server = controller(asking)) {
      assertThat(server.get("/api/v1/plan?node=a").statusCode()).isEqualTo(401);
      assertThat(server.get("/api/v1/plan?node=a", "Authorization", "Bearer " + TOKEN).statusCode())
          .isEqualTo(200);
      assertThat(server.get("/metrics", "Authorization", "Bearer " + TOKEN).statusCode())
          .isEqualTo(401);
      assertThat(server.get("/-/reload", "Authorization", "Bearer " + TOKEN).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void acceptsThePreviousTokenForAWhileAfterRotation() throws Exception {
    var file = directory.resolve("token");
    Files.writeString(file, TOKEN);
    var now = new Instant[] {WebFixture.NOON};
    var token = new SharedToken(Optional.of(file), () -> now[0]);
    token.reload();
    assertThat(token.current()).contains(TOKEN);

    Files.writeString(file, "another-token-of-it\n");
    token.reload();
    assertThat(token.current()).contains("another-token-of-it");
    assertThat(token.accepts("another-token-of-it")).isTrue();
    assertThat(token.accepts(TOKEN)).isTrue();

    now[0] = WebFixture.NOON.plusSeconds(301);
    assertThat(token.accepts(TOKEN)).isFalse();
    assertThat(token.accepts("")).isFalse();

    Files.writeString(file, "short");
    token.reload();
    assertThat(token.accepts("short")).isFalse();
    assertThat(token.accepts("another-token-of-it")).isTrue();
  }

  @Test
  void acceptsNothingWithoutAToken() {
    assertThat(SharedToken.NONE.accepts("")).isFalse();
    assertThat(SharedToken.NONE.accepts("anything")).isFalse();
    assertThat(SharedToken.NONE.current()).isEmpty();
  }

  @Test
  void sendsObservationsAfterTheCursorOldestFirst() throws Exception {
    try (var server = controller()) {
      var task = WebFixture.task("shop", "a.test:5432");
      for (var second = 1; second <= 3; second++) {
        server.history.add(WebFixture.succeeded(task, second));
      }
      var first = observations(server, "since=0&limit=2");
      assertThat(first.getJsonArray("observations")).hasSize(2);
      assertThat(first.getJsonArray("observations").getJsonObject(0).getString("at"))
          .isEqualTo(WebFixture.NOON.plusSeconds(1).toString());

      var second = observations(server, "since=" + first.getString("cursor"));
      assertThat(second.getJsonArray("observations")).hasSize(1);
      assertThat(
              observations(server, "since=" + second.getString("cursor"))
                  .getJsonArray("observations"))
          .isEmpty();

      assertThat(observations(server, "since=12-3").getJsonArray("observations")).hasSize(3);
      assertThat(server.get("/api/v1/observations?since=x").statusCode()).isEqualTo(400);

      var page =
          AgentObservation.read("node-a", server.get("/api/v1/observations?since=0").body(), 10);
      assertThat(page.observations()).hasSize(3);
      assertThat(page.observations().get(0).node()).isEqualTo("node-a");
      assertThat(page.observations().get(0).outcome()).isEqualTo("success");
    }
  }

  @Test
  void onlyFailuresHaveATrace() throws Exception {
    try (var server = controller()) {
      var task = WebFixture.task("shop", "a.test:5432");
      server.history.add(WebFixture.succeeded(task, 1));
      server.history.add(WebFixture.failed(task, 2));

      var page =
          AgentObservation.read("node-a", server.get("/api/v1/observations?since=0").body(), 10);

      assertThat(page.observations().get(0).trace()).isEmpty();
      assertThat(page.observations().get(1).trace()).contains("target", "a.test:5432", "failed in");
    }
  }

  private static JsonObject observations(Endpoints server, String query) {
    return new JsonObject(server.get("/api/v1/observations?" + query).body());
  }

  private Endpoints controller() throws Exception {
    return controller(WebConfig.OPEN);
  }

  private Endpoints controller(WebConfig config) throws Exception {
    var file = directory.resolve("token");
    Files.writeString(file, TOKEN + "\n");
    var token = new SharedToken(Optional.of(file), () -> WebFixture.NOON);
    token.reload();
    var cluster =
        new ClusterDependencies(
            () -> following,
            node -> plan,
            () -> Views.source(following),
            () -> KNOWN,
            () -> List.of(),
            () -> Diagnosed.NOT_YET,
            List::of,
            () -> Views.NOTHING,
            () -> new Evidence(WebFixture.NOON, KNOWN, List.of()),
            () -> Views.INCIDENTS,
            List::of,
            () -> Views.STATE);
    return new Endpoints(config, true, HttpClient.newHttpClient(), token, Optional.of(cluster));
  }
}
