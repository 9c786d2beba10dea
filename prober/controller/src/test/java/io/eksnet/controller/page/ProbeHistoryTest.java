package io.eksnet.controller.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.page.ProbeHistory.Share;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeHistoryTest {
  private static final Instant START = Instant.parse("2026-11-29T03:00:00Z");

  @Test
  void sumsTheSamplesOfAQuarterOnceAMinute() {
    var history = ProbeHistory.NONE;
    for (int second = 0; second < 900; second += 3) {
      history = add(history, second, second < 60, true, true);
    }
    history = add(history, 900, true, true);

    assertThat(history.quarters())
        .extracting(quarter -> quarter.start() + " " + quarter.share(Layer.L3))
        .containsExactly(
            START + " " + new Share(14, 45), START.plusSeconds(900) + " " + new Share(0, 2));
    assertThat(history.quarters().get(0).share()).isEqualTo(new Share(14, 45));
    assertThat(history.quarters().get(0).share(Layer.DNS)).isEqualTo(Share.NONE);
  }

  /** No result is not a success. */
  @Test
  void aQuarterWithoutResultsIsMissing() {
    var before = add(ProbeHistory.NONE, 0, true);
    var agents = List.of(agent(0, true));

    var now = before.add(START.plusSeconds(3_600), agents);

    assertThat(now.quarters()).hasSize(1);
    assertThat(now.add(START.plusSeconds(3_700), List.of())).isEqualTo(now);
  }

  @Test
  void keeps24Hours() {
    var history = ProbeHistory.NONE;
    for (int quarter = 0; quarter < 200; quarter++) {
      history = add(history, quarter * 900, true);
    }

    assertThat(history.quarters()).hasSize(97);
    assertThat(history.quarters().get(0).start()).isEqualTo(START.plusSeconds(103 * 900));
  }

  @Test
  void aClockThatIsSetBackStartsAnew() {
    var later = add(ProbeHistory.NONE, 3_600, false);

    var now = add(add(later, 0, true), 4_000, true);

    assertThat(now.quarters())
        .last()
        .extracting(q -> q.start())
        .isEqualTo(START.plusSeconds(3_600));
    assertThat(now.quarters())
        .isSortedAccordingTo((one, other) -> one.start().compareTo(other.start()));
  }

  private static ProbeHistory add(ProbeHistory history, int second, Boolean... successes) {
    return history.add(START.plusSeconds(second), List.of(agent(second, successes)));
  }

  /** One peer for each; the last run of each was just now. */
  private static AgentReport agent(int second, Boolean... successes) {
    var windows =
        Arrays.stream(successes)
            .map(
                success ->
                    new ResultWindow(
                        new SeriesKey.PodKey("peer", "a", "b"),
                        List.of(
                            new Result(
                                START.plusSeconds(second),
                                success ? "success" : "timeout",
                                Phase.CONNECT,
                                0,
                                false,
                                false,
                                1,
                                Map.of()))))
            .toList();
    return new AgentReport("node", "a", windows, HostReport.NOTHING);
  }
}
