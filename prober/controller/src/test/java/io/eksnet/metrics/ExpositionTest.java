package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static io.eksnet.metrics.MetricsFixture.TCP;
import static io.eksnet.metrics.MetricsFixture.own;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.controller.metrics.ControllerMetrics;
import io.eksnet.controller.web.AgentObservation;
import io.eksnet.incident.Incident;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.RootCause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionTest {
  private static final String HOSTILE = "a\"b\\c\nd{e}=,é漢🙂\\n\"";
  private static final String PLAIN = HOSTILE.replace('\n', '\ufffd');

  private final Metrics metrics = MetricsFixture.metrics();
  private final ControllerMetrics own = ControllerMetrics.register(metrics.instruments());

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void promtoolFindsNothingToSay(@TempDir Path dir) throws Exception {
    fill();

    assertThat(promtool(dir, Page.bytes(metrics, null))).isEmpty();
  }

  @Test
  void everyDeclaredMetricIsOnThePageWithItsTypeAndHelp() {
    fill();

    var page = Page.of(metrics).text();
    for (MetricSpec spec : Catalogue.all()) {
      var type = spec.type().name().toLowerCase(Locale.ROOT);
      assertThat(page)
          .contains("# HELP " + spec.name() + " " + spec.help() + "\n")
          .contains("# TYPE " + spec.name() + " " + type + "\n");
    }
  }

  @Test
  void everySeriesHasTheLabelsOfItsDeclarationAndTheFixedOnes() {
    fill();

    var byName = Catalogue.all().stream().collect(Collectors.toMap(MetricSpec::name, s -> s));
    Page.of(metrics)
        .series()
        .keySet()
        .forEach(
            series -> {
              assertThat(series.labels()).containsEntry("cluster", "demo");
              var spec = byName.get(series.name().replaceAll("_(sum|count|bucket)$", ""));
              if (spec != null) {
                assertThat(series.labels().keySet())
                    .containsAll(spec.labels())
                    .hasSize(
                        spec.labels().size() + 1 + (series.name().endsWith("_bucket") ? 1 : 0));
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_virtual_memory_bytes",
        "process_open_fds",
        "process_max_fds",
        "process_start_time_seconds",
        "jvm_threads_live_threads"
      })
  void theProcessIsDescribed(String name) {
    assertThat(Page.of(metrics).value(name, "cluster", "demo").orElseThrow()).isPositive();
  }

  @Test
  void theStartOfTheProcessIsInThePastAndNotLongAgo() {
    var start = Page.of(metrics).value("process_start_time_seconds", "cluster", "demo");

    var expected = ProcessHandle.current().info().startInstant().orElseThrow().getEpochSecond();
    assertThat(start.orElseThrow()).isBetween(expected - 2.0, expected + 2.0);
  }

  @Test
  void hostileNamesSurvive(@TempDir Path dir) throws Exception {
    var task = own("p", "tcp", HOSTILE);
    metrics.probes().add(task, TCP);
    metrics.probes().record(seen(task, success(1)));

    var page = Page.of(metrics);
    assertThat(
            page.value(
                "eksnet_probe_success",
                "cluster",
                "demo",
                "probe",
                "p",
                "kind",
                "tcp",
                "target",
                HOSTILE))
        .hasValue(1.0);
    assertThat(promtool(dir, Page.bytes(metrics, null))).isEmpty();
    assertThat(
            new String(
                Page.bytes(metrics, ExpositionFormat.PROTOBUF.contentType()),
                StandardCharsets.UTF_8))
        .contains(HOSTILE);
  }

  @Test
  void hostileNamesOfTheClusterSurvive(@TempDir Path dir) throws Exception {
    own.inventory().update(SampleInventory.of(HOSTILE), NOON);

    assertThat(
            Page.of(metrics)
                .value("eksnet_lb_state", "cluster", "demo", "lb", PLAIN, "state", "active"))
        .hasValue(1.0);
    assertThat(promtool(dir, Page.bytes(metrics, null))).isEmpty();
    for (var format : ExpositionFormat.values()) {
      assertThat(new String(Page.bytes(metrics, format.contentType()), StandardCharsets.UTF_8))
          .contains("eksnet_nodeclass_condition");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-|TEXT",
        "*/*|TEXT",
        "text/html|TEXT",
        "text/plain|TEXT",
        "application/openmetrics-text|OPENMETRICS",
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
            + "|OPENMETRICS",
        "text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5|TEXT",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            + "encoding=delimited,application/openmetrics-text;q=0.8|PROTOBUF",
        "application/vnd.google.protobuf;encoding=text|TEXT",
        "application/openmetrics-text;q=0|TEXT",
        "application/openmetrics-text;q=soon|TEXT",
        ",;,;q=|TEXT",
      })
  void theFormatIsWhatTheScraperWantsMost(String accept, ExpositionFormat format) {
    assertThat(ExpositionFormat.accepted(accept)).isEqualTo(format);
  }

  @Test
  void openMetricsEndsWithItsMark() throws IOException {
    var bytes = new ByteArrayOutputStream();

    var type = metrics.exposition().write("application/openmetrics-text", bytes);

    assertThat(type).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("# EOF\n");
  }

  @Test
  void fixedLabelsMustNotTakeTheNamesOfOthers() {
    assertThatThrownBy(() -> FixedLabels.of("demo", Map.of("target", "x")))
        .hasMessageContaining("\"target\" is a label of eksnet or of the scrape");
    assertThatThrownBy(() -> FixedLabels.of("demo", Map.of("no-name", "x")))
        .hasMessageContaining("\"no-name\" is not a label name");
  }

  @Test
  void fixedLabelsAreOnEverySeries() {
    try (var labelled =
        new Metrics(
            FixedLabels.of("demo", Map.of("site", "a\"b")),
            List.of("tcp"),
            Duration.ofSeconds(60),
            new BuildVersion("1", "r", "17"))) {
      var task = own("db", "tcp", "db:5432");
      labelled.probes().add(task, TCP);
      labelled.probes().record(seen(task, success(1)));

      assertThat(Page.of(labelled).series().keySet())
          .allSatisfy(
              series ->
                  assertThat(series.labels())
                      .containsEntry("site", "a\"b")
                      .containsEntry("cluster", "demo"));
    }
  }

  private void fill() {
    var db = own("db", "tcp", "db:5432");
    metrics.probes().add(db, TCP);
    metrics
        .probes()
        .record(
            seen(
                db,
                success(
                    7,
                    new Note.CertificateExpiry(NOON),
                    new Note.Answered(200, false),
                    new Note.ZoneSerial(2026112901))));
    var dns = MetricsFixture.dns("service", "internal");
    metrics.probes().add(dns, MetricsFixture.DNS);
    metrics.probes().record(seen(dns, success(3)));
    fillSuites();
    metrics.schedule().lag(200_000);
    metrics.schedule().stall(150_000_000);
    metrics.schedule().record(seen(db, new Outcome.NotRun(Reason.OVERLAP)));
    metrics.schedule().inFlight(() -> 3);
    metrics.schedule().tasks("tcp", 1);
    metrics.config().accepted(NOON);
    metrics.host().nameserver(true);
    metrics.host().searchQueries(Map.of("external", 6));
    own.inventory().update(SampleInventory.of("web"), NOON);
    own.lbAddresses().onObservation(lbObservation());
    own.incidents().update(List.of(incident()));
    own.aws().call("ec2", "DescribeSubnets", "ok", 40_000_000);
    own.diagnosis().update(List.of(finding(RootCause.SUBNET_EXHAUSTED, "subnet/subnet-1")), NOON);
    own.diagnosis().updateNotices(List.of(finding(RootCause.EXTENDED_SUPPORT, "cluster")));
    metrics.controller().planAge(() -> 12.5);
    metrics.controller().leader(() -> 1);
    metrics.controller().heartbeat(NOON);
    metrics.controller().desired(OptionalInt.of(3));
    metrics.controller().reporting(2);
  }

  private static Incident incident() {
    var part =
        new Incident.Part(
            NOON,
            Optional.empty(),
            finding(RootCause.SUBNET_EXHAUSTED, "subnet/subnet-1"),
            List.of(),
            List.of());
    return new Incident(
        "inc", List.of(), NOON, Optional.empty(), List.of(part), List.of(), List.of());
  }

  private static AgentObservation lbObservation() {
    var result =
        new Result(
            NOON, "success", Phase.PROCESSING, 200, false, false, 1, Map.of("10.0.0.1", "success"));
    return new AgentObservation(
        "node-b",
        "id",
        "lb",
        "http",
        "lb.test:443",
        NOON,
        "success",
        true,
        "",
        "",
        "",
        Optional.of(new SeriesKey.LbKey("k8s-shop", "443 shop.test")),
        Optional.of(result));
  }

  private static Finding finding(RootCause cause, String scope) {
    return Finding.builder(cause, scope, 95).evidence("seen").fix("do").build();
  }

  private void fillSuites() {
    var address = InetAddress.getLoopbackAddress();
    for (var subject :
        List.of(
            new SeriesKey.ServiceKey("shop", "backend", "name"),
            new SeriesKey.PodKey("node-b", "a", "b"),
            new SeriesKey.TargetKey("k8s-shop", "10.0.1.7"),
            new SeriesKey.StsKey(),
            new SeriesKey.NodeComponentKey("identity"),
            new SeriesKey.NodeComponentKey("ena"),
            new SeriesKey.NodeComponentKey("ipamd"))) {
      var task = MetricsFixture.suite(subject, "shop.test", true);
      metrics.probes().add(task, MetricsFixture.HTTP);
      metrics
          .probes()
          .record(
              seen(
                  task,
                  MetricsFixture.answered(
                      Phase.TRANSFER,
                      new Note.Resolved(List.of(address)),
                      new Note.Answered(200, false),
                      new Note.Read(HostPartMetersTest.EVERY_SAMPLE))));
    }
    var lb =
        MetricsFixture.suite(new SeriesKey.LbKey("k8s-shop", "443 shop.test"), "lb.test", true);
    metrics.probes().add(lb, MetricsFixture.HTTP);
    metrics
        .probes()
        .record(
            seen(
                lb,
                new Outcome.Several(
                    List.of(
                        new Outcome.Part(
                            "10.0.0.1",
                            MetricsFixture.answered(
                                Phase.TRANSFER, new Note.CertificateExpiry(NOON)))))));
  }

  /** What {@code promtool check metrics} reports of the page. */
  private static String promtool(Path dir, byte[] page) throws Exception {
    var input = Files.write(dir.resolve("page"), page);
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "check", "metrics")
              .redirectInput(input.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new AssertionError("promtool is missing; on Debian: apt-get install prometheus", e);
    }
    var output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return promtool.waitFor() == 0 ? output : "exit " + promtool.exitValue() + "\n" + output;
  }
}
