package io.eksnet.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.web.ObservationSamples;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelJsonTest {
  private static final Instant AT = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final AgentReport REPORT =
      new AgentReport(
          "n1",
          "eu-west-1a",
          List.of(
              new ResultWindow(
                  new SeriesKey.DnsKey("service", "", "internal", "A", "udp"),
                  List.of(
                      new Result(AT, "timeout", Phase.PROCESSING, 0, false, true, 0, Map.of()))),
              new ResultWindow(new SeriesKey.StsKey(), List.of())),
          new HostReport(
              Optional.of(false),
              Optional.empty(),
              Optional.of(true),
              Optional.of(new AddressPool(20, 10, 2, 3, 1, Map.of("Assign/Full", 7L))),
              Map.of("linklocal", 101L),
              Map.of("sts", true, "ecr.api", true),
              Map.of("ecr.api", List.of("10.0.1.7"))));

  @Test
  void readsWhatItWrote() {
    assertThat(ModelJson.readTolerantly(AgentReport.class, json(REPORT).encode()))
        .isEqualTo(REPORT);
  }

  @Test
  void namesAMissingComponent() {
    var json = json(REPORT);
    json.remove("node");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelJson.readTolerantly(AgentReport.class, json.encode()))
        .withMessageStartingWith("AgentReport.node: Missing required creator property");
  }

  @Test
  void namesAnUnknownTypeAndItsPlace() {
    var json = json(REPORT);
    json.getJsonArray("tracks").getJsonObject(0).getJsonObject("subject").put("type", "teapot");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelJson.readTolerantly(AgentReport.class, json.encode()))
        .withMessageStartingWith("AgentReport.tracks[0].subject: ")
        .withMessageContaining("teapot");
  }

  @Test
  void namesAWrongTypeAndItsPlace() {
    var json = json(REPORT).put("tracks", "none");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelJson.readTolerantly(AgentReport.class, json.encode()))
        .withMessageStartingWith("AgentReport.tracks: ");
  }

  @Test
  void ignoresUnknownNamesAndTakesAMissingListForEmpty() {
    var json = json(REPORT).put("kernel", "6.1");
    json.remove("tracks");

    assertThat(ModelJson.readTolerantly(AgentReport.class, json.encode()))
        .isEqualTo(new AgentReport(REPORT.node(), REPORT.zone(), List.of(), REPORT.host()));
  }

  @Test
  void keepsTheNamesThatOtherVersionsUse() {
    assertThat(json(REPORT).getJsonArray("tracks").getJsonObject(0).getJsonObject("subject"))
        .isEqualTo(
            new JsonObject(
                """
                {"type":"dns_path","path":"service","server":"","query_class":"internal",
                "qtype":"A","proto":"udp"}\
                """));
  }

  @Test
  void readsEveryKeyAsAgentsWriteIt() {
    for (var key :
        List.<SeriesKey>of(
            new SeriesKey.UserProbeKey("p", "http", "t"),
            new SeriesKey.DnsKey("service", "", "internal", "A", "udp"),
            new SeriesKey.ServiceKey("n", "s", "name"),
            new SeriesKey.PodKey("n", "a", "b"),
            new SeriesKey.TargetKey("g", "10.0.0.1"),
            new SeriesKey.LbKey("l", ""),
            new SeriesKey.NodeComponentKey("ena"),
            new SeriesKey.StsKey(),
            new SeriesKey.EndpointKey("ecr.api"))) {
      var written = ObservationSamples.forPeers(key).getJsonObject("subject");
      assertThat(written).isEqualTo(ModelJson.object((Record) key));
      assertThat(ModelJson.readTolerantly(SeriesKey.class, written.encode())).isEqualTo(key);
    }
  }

  @Test
  void writesRecordsAsAgentsDo() {
    for (var value :
        List.of(REPORT.host(), HostReport.NOTHING, REPORT.windows().get(0).results().get(0))) {
      assertThat(ObservationSamples.of(value)).isEqualTo(ModelJson.object(value));
    }
  }

  private static JsonObject json(AgentReport report) {
    return ModelJson.object(report);
  }
}
