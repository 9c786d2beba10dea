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
import io.eksnet.web.Values;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadBackTest {
  private static final Instant AT = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final AgentReport REPORT =
      new AgentReport(
          "n1",
          "eu-west-1a",
          AT,
          List.of(
              new ResultWindow(
                  new SeriesKey.DnsKey("service", "", "internal", "A", "udp"),
                  List.of(new Result(AT, "timeout", Phase.PROCESSING, 0, false, true, 0))),
              new ResultWindow(new SeriesKey.StsKey(), List.of())),
          new HostReport(
              Optional.of(false),
              Optional.empty(),
              Optional.of(true),
              Optional.of(new AddressPool(20, 10, 2, 3, 1, Map.of("Assign/Full", 7L))),
              Map.of("linklocal", 101L),
              Map.of("sts", true)));

  @Test
  void whatWasWrittenIsReadBack() {
    assertThat(ReadBack.read(AgentReport.class, json(REPORT))).isEqualTo(REPORT);
  }

  @Test
  void whatIsMissingIsNamed() {
    var json = json(REPORT);
    json.remove("node");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadBack.read(AgentReport.class, json))
        .withMessage("AgentReport.node is missing");
  }

  @Test
  void aWordThatIsUnknownIsNamedWithItsPlace() {
    var json = json(REPORT);
    json.getJsonArray("tracks").getJsonObject(0).getJsonObject("subject").put("type", "teapot");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadBack.read(AgentReport.class, json))
        .withMessage("AgentReport.tracks[0].subject is no SeriesKey: \"teapot\"");
  }

  @Test
  void aWrongTypeIsNamedWithItsPlace() {
    var json = json(REPORT).put("tracks", "none");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadBack.read(AgentReport.class, json))
        .withMessage("AgentReport.tracks must be a list");
  }

  private static JsonObject json(AgentReport report) {
    return (JsonObject) Objects.requireNonNull(new Values(1_000).json(report));
  }
}
