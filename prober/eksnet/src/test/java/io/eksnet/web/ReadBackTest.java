package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eksnet.core.Phase;
import io.eksnet.core.Subject;
import io.eksnet.core.diagnosis.AddressPool;
import io.eksnet.core.diagnosis.AgentReport;
import io.eksnet.core.diagnosis.HostReport;
import io.eksnet.core.diagnosis.Result;
import io.eksnet.core.diagnosis.Track;
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
              new Track(
                  new Subject.DnsPath("service", "", "internal", "A", "udp"),
                  List.of(new Result(AT, "timeout", Phase.PROCESSING, 0, false, true, 0))),
              new Track(new Subject.StsPath(), List.of())),
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
        .withMessage("AgentReport.tracks[0].subject is no Subject: \"teapot\"");
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
