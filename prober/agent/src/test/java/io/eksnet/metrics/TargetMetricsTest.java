package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.HTTP;
import static io.eksnet.metrics.MetricsFixture.NOON;
import static io.eksnet.metrics.MetricsFixture.TCP;
import static io.eksnet.metrics.MetricsFixture.failure;
import static io.eksnet.metrics.MetricsFixture.own;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Latency, status code and user labels per target, as exposed. */
class TargetMetricsTest {
  private static final String DURATION = "eksnet_probe_last_duration_seconds";
  private static final String SERIAL = "eksnet_probe_last_dns_serial";
  private static final String STATUS = "eksnet_probe_last_status_code";

  private final Metrics metrics = MetricsFixture.metrics();
  private final ProbeMeters probes = metrics.probes();
  private final Task shop = own("shop", "http", "https://shop/");

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void hasNoDurationUnlessTheLastRunSucceeded() throws IOException {
    probes.add(shop, HTTP);
    assertThat(lines(DURATION)).isEmpty();

    probes.record(seen(shop, success(250)));
    assertThat(lines(DURATION))
        .containsExactly(
            DURATION
                + "{cluster=\"demo\",kind=\"http\",probe=\"shop\",target=\"https://shop/\"} 0.25");

    probes.record(seen(shop, new Outcome.NotRun(Outcome.Reason.CAPACITY)));
    assertThat(lines(DURATION)).hasSize(1);

    probes.record(seen(shop, failure(Cause.TIMEOUT)));
    assertThat(lines(DURATION)).isEmpty();

    probes.record(seen(shop, new Outcome.Success(Timings.NONE)));
    assertThat(lines(DURATION)).isEmpty();
  }

  @Test
  void hasTheDurationOfTheSlowestAddressIfAllSucceeded() throws IOException {
    probes.add(shop, HTTP);
    probes.record(seen(shop, several(success(10), success(40), success(20))));
    assertThat(lines(DURATION)).singleElement().asString().endsWith(" 0.04");

    probes.record(seen(shop, several(success(10), failure(Cause.RESET))));
    assertThat(lines(DURATION)).isEmpty();
  }

  @Test
  void hasTheStatusCodeOfAResponseThatFailed() throws IOException {
    probes.add(shop, HTTP);
    probes.record(seen(shop, success(1, new Note.Answered(204, false))));
    assertThat(lines(STATUS)).singleElement().asString().endsWith(" 204.0");

    var unavailable = new Note.Answered(503, false);
    probes.record(
        seen(shop, MetricsFixture.failure(Phase.PROCESSING, Cause.HTTP_STATUS, unavailable)));
    assertThat(lines(STATUS)).singleElement().asString().endsWith(" 503.0");

    probes.record(seen(shop, failure(Cause.TIMEOUT)));
    assertThat(lines(STATUS)).isEmpty();
  }

  @Test
  void hasTheSerialOfTheLastResponseOnly() throws IOException {
    probes.add(shop, HTTP);
    assertThat(lines(SERIAL)).isEmpty();

    probes.record(seen(shop, success(1, new Note.ZoneSerial(4_294_967_295L))));
    assertThat(lines(SERIAL)).singleElement().asString().endsWith(" 4.294967295E9");

    var lagging = new Note.ZoneSerial(2026112901);
    probes.record(
        seen(shop, MetricsFixture.failure(Phase.PROCESSING, Cause.WRONG_ANSWER, lagging)));
    assertThat(lines(SERIAL)).singleElement().asString().endsWith(" 2.026112901E9");

    probes.record(seen(shop, failure(Cause.TIMEOUT)));
    assertThat(lines(SERIAL)).isEmpty();
  }

  @Test
  void hasUserLabelsOnTheSeriesOfTheTargetAndNotOnThoseOfTheProbe() throws IOException {
    probes.add(labelled(Map.of("team", "shop", "a", "1")), TCP);
    probes.add(own("db", "tcp", "db:5432"), TCP);
    probes.record(seen(labelled(Map.of("a", "1", "team", "shop")), success(1)));

    assertThat(lines("eksnet_probe_success"))
        .containsExactly(
            "eksnet_probe_success{a=\"1\",cluster=\"demo\",kind=\"http\",probe=\"shop\","
                + "target=\"https://shop/\",team=\"shop\"} 1.0");
    assertThat(lines("eksnet_probe_total"))
        .filteredOn(line -> line.contains("probe=\"shop\""))
        .allSatisfy(line -> assertThat(line).contains("team=\"shop\""));
    assertThat(lines("eksnet_probe_duration_seconds_count"))
        .allSatisfy(line -> assertThat(line).doesNotContain("team"));
  }

  /** Counters restart for a target whose labels change, and go on for the others. */
  @Test
  void replacesTheSeriesOfATargetWhoseLabelsChange() throws IOException {
    var before = labelled(Map.of("team", "a"));
    var after = labelled(Map.of("team", "b"));
    probes.add(before, TCP);
    probes.record(seen(before, success(1)));
    probes.add(after, TCP);
    probes.retire(before, NOON);
    probes.record(seen(after, failure(Cause.TIMEOUT), NOON.plusSeconds(55)));
    probes.sweep(NOON.plusSeconds(61));

    assertThat(lines("eksnet_probe_success"))
        .singleElement()
        .asString()
        .contains("team=\"b\"")
        .endsWith(" 0.0");
  }

  private Task labelled(Map<String, String> labels) {
    return new Task(
        shop.id(),
        shop.key(),
        shop.kind(),
        shop.settings(),
        shop.target(),
        shop.interval(),
        shop.timeout(),
        false,
        labels);
  }

  private static Outcome several(Outcome... outcomes) {
    var parts = new java.util.ArrayList<Outcome.Part>();
    for (var outcome : outcomes) {
      parts.add(new Outcome.Part("10.0.0." + parts.size(), outcome));
    }
    return new Outcome.Several(parts);
  }

  private List<String> lines(String metric) throws IOException {
    var text = new ByteArrayOutputStream();
    metrics.exposition().write(null, text);
    return text.toString(UTF_8).lines().filter(line -> line.startsWith(metric + "{")).toList();
  }
}
