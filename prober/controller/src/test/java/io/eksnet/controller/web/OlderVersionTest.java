package io.eksnet.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.inventory.Resources;
import io.eksnet.web.PlanJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Agents and controllers of different versions exchange plans, observations and evidence during an
 * upgrade. The resources were recorded from version 440a6c7 in the lab; {@code make mixed-versions}
 * runs the programs themselves.
 */
class OlderVersionTest {
  private static final String NODE = "ip-127-10-32-10.eu-west-1.compute.internal";
  private static final int MAX_OBSERVATIONS = 500;

  @Test
  void readsAPlanOfAnOlderController() {
    var recorded = recorded("plan");

    var plan = PlanJson.read(recorded.encode(), AllowedTargets.THIS_HOST);

    assertThat(plan.node()).isEqualTo(NODE);
    assertThat(plan.assignments()).hasSameSizeAs(recorded.getJsonArray("assignments").getList());
    assertThat(plan.assignments())
        .extracting(Assignment::suite)
        .contains(
            Assignment.Suite.DNS,
            Assignment.Suite.POD,
            Assignment.Suite.SERVICE,
            Assignment.Suite.TARGET,
            Assignment.Suite.LB);
    assertThat(PlanJson.read(PlanJson.write(plan), AllowedTargets.THIS_HOST)).isEqualTo(plan);
  }

  @Test
  void readsAPlanWithTheKeysOfANewerController() {
    var recorded = recorded("plan");
    var plan = PlanJson.read(recorded.encode(), AllowedTargets.THIS_HOST);

    addKeys(recorded, recorded.getJsonArray("assignments"));
    recorded.getJsonArray("assignments").add(new JsonObject().put("suite", "of_next_version"));

    assertThat(PlanJson.read(recorded.encode(), AllowedTargets.THIS_HOST)).isEqualTo(plan);
  }

  @Test
  void readsObservationsOfAnOlderAgent() {
    var recorded = recorded("observations");

    var page = AgentObservation.read(NODE, recorded.encode(), MAX_OBSERVATIONS);

    assertThat(page.observations()).hasSameSizeAs(recorded.getJsonArray("observations").getList());
    assertThat(page.cursor()).isEqualTo(recorded.getString("cursor"));
    assertThat(page.host()).isNotEqualTo(HostReport.NOTHING);
  }

  @Test
  void readsObservationsWithTheKeysOfANewerAgent() {
    var recorded = recorded("observations");
    var page = AgentObservation.read(NODE, recorded.encode(), MAX_OBSERVATIONS);

    addKeys(recorded, recorded.getJsonArray("observations"));
    recorded.getJsonObject("host").put("of_next_version", new JsonArray().add(1));

    assertThat(AgentObservation.read(NODE, recorded.encode(), MAX_OBSERVATIONS)).isEqualTo(page);
  }

  @Test
  void readsEvidenceOfAnOlderController() {
    var evidence = EvidenceJson.read(recorded("evidence").encode());

    assertThat(evidence.agents()).isNotEmpty();
    assertThat(evidence.inventory().get(Resources.SUBNETS)).isPresent();
    assertThat(EvidenceJson.read(EvidenceJson.write(evidence))).isEqualTo(evidence);
  }

  private static void addKeys(JsonObject object, JsonArray parts) {
    object.put("of_next_version", new JsonObject().put("a", 1));
    parts.forEach(part -> ((JsonObject) part).put("of_next_version", "a"));
  }

  private static JsonObject recorded(String name) {
    try (var in = OlderVersionTest.class.getResourceAsStream(name + "-440a6c7.json")) {
      var text = Objects.requireNonNull(in).readAllBytes();
      return new JsonObject(new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
