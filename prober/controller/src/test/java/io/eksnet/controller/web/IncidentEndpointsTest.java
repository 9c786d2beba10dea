package io.eksnet.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.web.Endpoints;
import io.eksnet.web.SharedToken;
import io.eksnet.web.Views;
import io.eksnet.web.WebConfig;
import io.eksnet.web.WebFixture;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IncidentEndpointsTest {
  private static final String ID = Views.INCIDENTS.all().get(0).id();

  private Optional<String> unavailable = Optional.empty();
  private Endpoints server;

  @BeforeEach
  void start() throws Exception {
    var cluster =
        new ClusterDependencies(
            Optional::empty,
            node -> new PlanPage.NotYet("no plan"),
            () -> Views.source(unavailable),
            () -> Inventory.EMPTY,
            List::of,
            () -> Diagnosed.NOT_YET,
            List::of,
            () -> Views.NOTHING,
            () -> new Evidence(WebFixture.NOON, Inventory.EMPTY, List.of()),
            () -> Views.INCIDENTS,
            () -> Views.INCIDENTS.all().get(0).changes(),
            () -> Views.STATE);
    server =
        new Endpoints(
            WebConfig.OPEN,
            true,
            HttpClient.newHttpClient(),
            SharedToken.NONE,
            Optional.of(cluster));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listsIncidentsWithTheAgeOfTheDataAndTheLeader() throws Exception {
    var response = server.get("/api/v1/incidents");

    assertThat(response.headers().firstValue("Age")).contains("7");
    assertThat(response.headers().firstValue("Eksnet-Leader")).contains("eksnet-controller-a");
    assertThat(new JsonObject(response.body()))
        .isEqualTo(
            new JsonObject(
                """
                {"incidents": [{"id": "%s", "path": "/incidents/%s",
                  "opened": "%s", "causes": ["ipamd_down"], "objects": ["node/ip-10-0-0-10"]}],
                 "age": 7, "leader": "eksnet-controller-a"}
                """
                    .formatted(ID, ID, WebFixture.NOON.minusSeconds(60))));
  }

  @Test
  void oneIncidentHasFindingsChangesAndAgents() throws Exception {
    var json = new JsonObject(server.get("/api/v1/incidents/" + ID).body());

    assertThat(json.getJsonArray("agents")).containsExactly("ip-10-0-0-10");
    var finding = json.getJsonArray("findings").getJsonObject(0);
    assertThat(finding.getString("cause")).isEqualTo("ipamd_down");
    assertThat(finding.getJsonArray("confidence_over_time").getJsonObject(0).getInteger("percent"))
        .isEqualTo(90);
    assertThat(json.getJsonArray("changes").getJsonObject(0).getString("text"))
        .isEqualTo("node/ip-10-0-0-10: taints: {dedicated: gpu} added by kubectl-taint");
  }

  @Test
  void markdownIsReadyForATicketAndEscapesNothingAsMarkup() throws Exception {
    var response = server.get("/api/v1/incidents/" + ID + ".md");

    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/markdown; charset=utf-8");
    assertThat(response.body())
        .startsWith("# Incident " + ID + "\n")
        .contains("- Closed: still open")
        .contains("- ``ipamd answers `nothing` <b>at all</b>``");
  }

  @Test
  void thePermanentLinkIsAPageWithoutScript() throws Exception {
    var page = server.get("/incidents/" + ID);

    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.body())
        .contains("Ipamd of aws-node is down on a node", "href=\"../api/v1/incidents/" + ID + ".md")
        .contains("ipamd answers `nothing` &lt;b&gt;at all&lt;/b&gt;")
        .doesNotContain("<script");
    assertThat(server.get("/incidents").body()).contains("href=\"incidents/" + ID + "\"");
  }

  @Test
  void changesAreListed() throws Exception {
    var changes = new JsonObject(server.get("/api/v1/changes").body()).getJsonArray("changes");

    assertThat(changes).hasSize(1);
    assertThat(changes.getJsonObject(0).getString("kind")).isEqualTo("changed");
  }

  @Test
  void unknownIdsAreNotFoundAndAReplicaWithoutDataSaysSo() throws Exception {
    for (var path : List.of("/incidents/x", "/api/v1/incidents/x", "/api/v1/incidents/x.md")) {
      assertThat(server.get(path).statusCode()).isEqualTo(404);
    }
    unavailable = Optional.of("this replica is a standby");
    var paths =
        List.of(
            "/incidents",
            "/incidents/" + ID,
            "/incidents/x",
            "/api/v1/incidents",
            "/api/v1/incidents/x",
            "/api/v1/incidents/x.md",
            "/api/v1/changes");
    for (var path : paths) {
      assertThat(server.get(path).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void theStateOfALeaderIsReadBack() {
    assertThat(ReplicaState.read(Views.STATE.write())).isEqualTo(Views.STATE);
  }
}
