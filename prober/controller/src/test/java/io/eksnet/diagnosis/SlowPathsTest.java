package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.LatencyBaseline;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.Inventory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits of the rules about latency; the cases of the diagnosis have whole clusters. */
class SlowPathsTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final List<LatencyBaseline> USUAL =
      List.of(
          new LatencyBaseline("pod a b", 2),
          new LatencyBaseline("pod b a", 2),
          new LatencyBaseline("pod a a", 0),
          new LatencyBaseline("target web", 100),
          new LatencyBaseline("dns service external", 10));

  private final List<AgentReport> reports = new ArrayList<>();

  @Test
  void namesThePairAndItsDurations() {
    add("n1", new PodKey("n3", "a", "b"), 180, 190, 185);
    add("n2", new PodKey("n4", "a", "b"), 180, 190, 185);
    add("n1", new PodKey("n2", "a", "a"), 1, 1, 1);

    assertThat(findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.scope()).isEqualTo("zone/a");
              assertThat(finding.confidence().label()).isEqualTo("high");
              assertThat(finding.evidence())
                  .containsExactly(
                      "responses of agents from a to b take 180 ms, usually 2 ms",
                      "1 of 2 zone pairs are slow: a to b");
              assertThat(finding.holdFor()).isPositive();
            });
  }

  @Test
  void allPathsTogetherAreTheCluster() {
    add("n1", new PodKey("n3", "a", "b"), 180, 190, 185);
    add("n3", new PodKey("n1", "b", "a"), 180, 190, 185);

    assertThat(findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.scope()).isEqualTo("cluster"));
  }

  @Test
  void oneAgentAloneIsNoCertainWitness() {
    add("n1", new PodKey("n3", "a", "b"), 180, 190, 185);
    add("n1", new PodKey("n2", "a", "a"), 1, 1, 1);

    assertThat(findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.confidence().label()).isEqualTo("medium"));
  }

  /** A run whose duration is unknown, because the event loop stalled, has 0 ms. */
  @ParameterizedTest
  @CsvSource({
    "180 190, two runs are too few",
    "180 190 2, one of the last three runs is fast",
    "180 0 190, the duration of a run is unknown",
    "102 102 102, not more than 100 ms longer than usual",
  })
  void isSilent(String took, String why) {
    var millis =
        LongStream.of(List.of(took.split(" ")).stream().mapToLong(Long::parseLong).toArray());
    add("n1", new PodKey("n3", "a", "b"), millis.toArray());

    assertThat(findings()).as(why).isEmpty();
  }

  @Test
  void aRunOfUnknownDurationIsLeftOut() {
    add("n1", new PodKey("n3", "a", "b"), 180, 0, 190, 185);

    assertThat(findings()).hasSize(1);
  }

  @Test
  void failuresAndLostPacketsAreNotSlow() {
    add("n1", new DnsKey("service", "", "external", "A", "udp"), "success", true, 900, 900, 900);
    add("n2", new DnsKey("service", "", "external", "A", "udp"), "timeout", false, 900, 900, 900);

    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"290, 0", "310, 1"})
  void slowIsAMultipleOfTheUsualLatency(long took, int findings) {
    add("n1", new TargetKey("web", "10.0.0.1"), took, took, took);

    assertThat(findings()).hasSize(findings);
  }

  @Test
  void aPathWithoutBaselineIsNotJudged() {
    add("n1", new PodKey("n5", "a", "c"), 900, 900, 900);
    add("n1", new TargetKey("other", "10.0.0.1"), 900, 900, 900);

    assertThat(findings()).isEmpty();
  }

  private List<Finding> findings() {
    return new SlowPaths()
        .apply(new EvidenceIndex(new Evidence(NOON, Inventory.EMPTY, reports, USUAL)))
        .toList();
  }

  private void add(String node, SeriesKey key, long... took) {
    add(node, key, "success", false, took);
  }

  private void add(String node, SeriesKey key, String outcome, boolean retried, long... took) {
    var results =
        LongStream.of(took)
            .mapToObj(
                millis ->
                    new Result(NOON, outcome, Phase.TRANSFER, 0, false, retried, millis, Map.of()))
            .toList();
    reports.add(
        new AgentReport(node, "a", List.of(new ResultWindow(key, results)), HostReport.NOTHING));
  }
}
