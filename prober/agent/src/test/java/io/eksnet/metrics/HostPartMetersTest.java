package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static io.eksnet.metrics.MetricsFixture.answered;
import static io.eksnet.metrics.MetricsFixture.failure;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.suite;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Phase;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.SeriesKey.NodeComponentKey;
import io.eksnet.model.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPartMetersTest {
  static final List<ScrapedSample> EVERY_SAMPLE =
      List.of(
          noIp(5),
          new ScrapedSample(
              "eksnet_ipamd_aws_api_error_total", Map.of("api", "A", "error", "E"), 3),
          total(14),
          new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "assigned"), 9),
          new ScrapedSample("eksnet_ipamd_enis", Map.of("state", "allocated"), 1),
          new ScrapedSample("eksnet_ipamd_enis", Map.of("state", "max"), 3),
          new ScrapedSample(
              "eksnet_ena_allowance_exceeded_total", Map.of("device", "eth0", "kind", "pps"), 7));

  private final Metrics metrics = MetricsFixture.metrics();
  private final ProbeMeters probes = metrics.probes();
  private final Task ipamd = suite(new NodeComponentKey("ipamd"), "10.0.0.1", false);

  @AfterEach
  void close() {
    metrics.close();
  }

  @ParameterizedTest
  @CsvSource({"identity, eksnet_pod_identity_agent_up", "ipamd, eksnet_ipamd_up"})
  void aPartIsUpIfItAnswersAndAbsentBeforeItWasAsked(String part, String name) {
    var task = suite(new NodeComponentKey(part), "127.0.0.1", false);
    probes.add(task, MetricsFixture.HTTP);
    assertThat(value(name)).isEmpty();

    probes.record(seen(task, failure(Phase.CONNECT, Cause.CONN_REFUSED)));
    assertThat(value(name)).hasValue(0.0);

    probes.record(seen(task, answered(Phase.TRANSFER)));
    probes.record(seen(task, new Outcome.NotRun(Reason.STALL)));
    assertThat(value(name)).hasValue(1.0);

    probes.retire(task, NOON);
    probes.sweep(NOON.plusSeconds(60));
    assertThat(Page.of(metrics).text()).doesNotContain(name + "{");
  }

  @Test
  void theCounterOfAnotherProcessStartsAtItsFirstSightAndSurvivesItsReset() {
    probes.add(ipamd, MetricsFixture.HTTP);
    assertThat(value("eksnet_ipamd_no_ip_total")).isEmpty();

    read(0, noIp(1_000));
    assertThat(value("eksnet_ipamd_no_ip_total")).hasValue(0.0);
    read(30, noIp(1_007));
    assertThat(value("eksnet_ipamd_no_ip_total")).hasValue(7.0);
    read(60, noIp(2));
    assertThat(value("eksnet_ipamd_no_ip_total")).hasValue(7.0);
    read(90, noIp(5));
    assertThat(value("eksnet_ipamd_no_ip_total")).hasValue(10.0);
  }

  @Test
  void aCounterDoesNotRunAwayFromWhatItCounts() {
    probes.add(ipamd, MetricsFixture.HTTP);
    read(0, noIp(4));
    probes.record(seen(ipamd, failure(Phase.CONNECT, Cause.TIMEOUT), NOON.plusSeconds(600)));
    read(630, noIp(6));

    assertThat(value("eksnet_ipamd_no_ip_total")).hasValue(2.0);
  }

  @Test
  void whatIsMeasuredLeavesWhenItIsThreeIntervalsOld() {
    probes.add(ipamd, MetricsFixture.HTTP);
    read(0, total(14));
    probes.record(seen(ipamd, failure(Phase.CONNECT, Cause.TIMEOUT), NOON.plusSeconds(90)));
    assertThat(value("eksnet_ipamd_addresses", "state", "total")).hasValue(14.0);

    probes.record(seen(ipamd, failure(Phase.CONNECT, Cause.TIMEOUT), NOON.plusSeconds(120)));
    assertThat(value("eksnet_ipamd_addresses", "state", "total")).isEmpty();

    read(150, total(15));
    assertThat(value("eksnet_ipamd_addresses", "state", "total")).hasValue(15.0);
  }

  @Test
  void removesValuesMissingFromThePage() {
    probes.add(ipamd, MetricsFixture.HTTP);
    read(0, total(14), new ScrapedSample("eksnet_ipamd_enis", Map.of("state", "max"), 3));
    read(30, total(14));

    assertThat(value("eksnet_ipamd_enis", "state", "max")).isEmpty();
    assertThat(value("eksnet_ipamd_addresses", "state", "total")).hasValue(14.0);
  }

  @Test
  void aPageCannotMakeAnyNumberOfSeries() {
    probes.add(ipamd, MetricsFixture.HTTP);
    probes.record(
        seen(
            ipamd,
            answered(
                Phase.TRANSFER,
                new Note.Read(
                    IntStream.range(0, 1_000)
                        .mapToObj(
                            i ->
                                new ScrapedSample(
                                    "eksnet_ipamd_aws_api_error_total",
                                    Map.of("api", "A" + i, "error", "E"),
                                    1))
                        .toList()))));

    assertThat(Page.of(metrics).count("eksnet_ipamd_aws_api_error_total")).isEqualTo(256);
  }

  @Test
  void anUnknownNameIsNoMetricOfOurs() {
    probes.add(ipamd, MetricsFixture.HTTP);
    read(0, new ScrapedSample("eksnet_leader", Map.of(), 1), total(1));

    assertThat(Page.of(metrics).text()).doesNotContain("eksnet_leader");
  }

  private void read(int second, ScrapedSample... samples) {
    probes.record(
        seen(
            ipamd,
            answered(Phase.TRANSFER, new Note.Read(List.of(samples))),
            NOON.plusSeconds(second)));
  }

  private static ScrapedSample noIp(double value) {
    return new ScrapedSample("eksnet_ipamd_no_ip_total", Map.of(), value);
  }

  private static ScrapedSample total(double value) {
    return new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "total"), value);
  }

  private Optional<Double> value(String name, String... labels) {
    var all = new String[labels.length + 2];
    all[0] = "cluster";
    all[1] = "demo";
    System.arraycopy(labels, 0, all, 2, labels.length);
    return Page.of(metrics).value(name, all);
  }
}
