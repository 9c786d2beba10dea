package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.LatencyBaseline;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LatencyBaselinesTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final PodKey A_TO_B = new PodKey("n2", "a", "b");
  private static final String PATH = "pod a b";

  private LatencyBaselines baselines = LatencyBaselines.none(INTERVAL);
  private Instant now = NOON;

  @Test
  void isUnknownUntilTheFirstSlotIsFull() {
    sample(LatencyBaselines.SLOT_SAMPLES - 1, success(A_TO_B, 3));
    assertThat(baselines.usual()).isEmpty();

    sample(1, success(A_TO_B, 3));
    assertThat(baselines.usual()).containsExactly(new LatencyBaseline(PATH, 3));
  }

  @Test
  void takesOneSamplePerInterval() {
    for (var i = 0; i < 10 * LatencyBaselines.SLOT_SAMPLES; i++) {
      baselines = baselines.with(List.of(report(success(A_TO_B, 3))), now.plusMillis(i));
    }
    assertThat(baselines.usual()).isEmpty();
  }

  @Test
  void isTheMedianOfAllAgentsAndIgnoresSingleSlowResponses() {
    for (var i = 0; i < LatencyBaselines.SLOT_SAMPLES; i++) {
      sample(1, success(A_TO_B, 3), success(A_TO_B, i % 10 == 0 ? 900 : 4), success(A_TO_B, 5));
    }
    assertThat(baselines.usual()).containsExactly(new LatencyBaseline(PATH, 4));
  }

  @Test
  void aPathThatBecomesSlowKeepsItsUsualLatencyForHours() {
    sample(LatencyBaselines.SLOT_SAMPLES * LatencyBaselines.SLOTS, success(A_TO_B, 3));
    sample(hours(4), success(A_TO_B, 400));
    assertThat(baselines.usual()).containsExactly(new LatencyBaseline(PATH, 3));

    sample(hours(2), success(A_TO_B, 400));
    assertThat(baselines.usual()).containsExactly(new LatencyBaseline(PATH, 400));
  }

  @Test
  void failuresAndResponsesAfterALostPacketAreNoSamples() {
    sample(
        LatencyBaselines.SLOT_SAMPLES,
        window(A_TO_B, new Result(NOON, "timeout", Phase.CONNECT, 0, false, false, 0, Map.of())),
        window(
            A_TO_B, new Result(NOON, "success", Phase.TRANSFER, 0, false, true, 5_003, Map.of())));
    assertThat(baselines.usual()).isEmpty();
  }

  @Test
  void knowsZonePairsTargetGroupsAndDnsOverUdp() {
    sample(
        LatencyBaselines.SLOT_SAMPLES,
        success(A_TO_B, 1),
        success(new TargetKey("web", "10.0.0.1"), 20),
        success(new DnsKey("service", "", "internal", "A", "udp"), 2),
        success(new DnsKey("service", "", "internal", "A", "tcp"), 7),
        success(new DnsKey("backend", "10.0.0.9", "internal", "A", "udp"), 7),
        success(new LbKey("shop", "80"), 7));
    assertThat(baselines.usual())
        .containsExactlyInAnyOrder(
            new LatencyBaseline(PATH, 1),
            new LatencyBaseline("target web", 20),
            new LatencyBaseline("dns service internal", 2));
  }

  @Test
  void forgetsAPathWithoutSamplesForAnHour() {
    sample(LatencyBaselines.SLOT_SAMPLES, success(A_TO_B, 3));
    var another = success(new PodKey("n3", "a", "c"), 3);
    sample(hours(1) - 1, another);
    assertThat(paths()).contains(PATH);

    sample(1, another);
    assertThat(paths()).doesNotContain(PATH);
  }

  @Test
  void keepsABoundedNumberOfPathsAndThoseThatItHas() {
    sample(LatencyBaselines.SLOT_SAMPLES, success(A_TO_B, 3));
    var many =
        IntStream.range(0, 3 * LatencyBaselines.MAX_PATHS)
            .mapToObj(i -> success(new TargetKey("group-" + i, "10.0.0.1"), 3))
            .toArray(ResultWindow[]::new);
    sample(LatencyBaselines.SLOT_SAMPLES, many);
    assertThat(baselines.usual()).hasSize(LatencyBaselines.MAX_PATHS);
    assertThat(paths()).contains(PATH);
  }

  @Test
  void continuesAfterTheClockWasSetBack() {
    sample(LatencyBaselines.SLOT_SAMPLES - 1, success(A_TO_B, 3));
    now = NOON.minus(Duration.ofDays(1));
    sample(1, success(A_TO_B, 3));
    assertThat(paths()).containsExactly(PATH);
  }

  private void sample(int times, ResultWindow... windows) {
    var reports = Stream.of(windows).map(LatencyBaselinesTest::report).toList();
    for (var i = 0; i < times; i++) {
      now = now.plus(INTERVAL);
      baselines = baselines.with(reports, now);
    }
  }

  private List<String> paths() {
    return baselines.usual().stream().map(LatencyBaseline::path).toList();
  }

  private static int hours(int hours) {
    return (int) Duration.ofHours(hours).dividedBy(INTERVAL);
  }

  private static AgentReport report(ResultWindow window) {
    return new AgentReport("n1", "a", List.of(window), HostReport.NOTHING);
  }

  private static ResultWindow success(SeriesKey key, long took) {
    return window(
        key, new Result(NOON, "success", Phase.TRANSFER, 0, false, false, took, Map.of()));
  }

  private static ResultWindow window(SeriesKey key, Result result) {
    return new ResultWindow(key, List.of(result));
  }
}
