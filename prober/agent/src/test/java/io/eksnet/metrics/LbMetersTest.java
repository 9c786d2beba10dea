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
import io.eksnet.model.Outcome.Part;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Outcome.Several;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LbMetersTest {
  private final Metrics metrics = MetricsFixture.metrics();
  private final ProbeMeters probes = metrics.probes();
  private final Task shop = listener("443 shop.example.com");
  private final Task admin = listener("443 admin.example.com");

  @AfterEach
  void close() {
    metrics.close();
  }

  private static Task listener(String listener) {
    return suite(new LbKey("k8s-shop", listener), "k8s-shop.elb.amazonaws.com", true);
  }

  @ParameterizedTest
  @CsvSource({
    "dns, '', none, nxdomain",
    "dns, '', none, timeout",
    "tcp, '', none, conn_refused",
    "tcp, '', none, timeout",
    "tls, '', none, tls_expired",
    "http, '', none, timeout",
    "http, '', none, reset",
    "http, '', none, http_protocol",
    "http, 500, elb, http_status",
    "http, 502, elb, http_status",
    "http, 503, elb, http_status",
    "http, 504, elb, http_status",
    "http, 502, target, http_status",
    "http, 503, target, success",
    "http, 200, target, success",
    "'', '', none, not_run",
  })
  void problemCountersStartAtZero(String stage, String code, String source, String outcome) {
    probes.add(shop, MetricsFixture.HTTP);

    assertThat(runs(stage, code, source, outcome)).hasValue(0.0);
  }

  @ParameterizedTest
  @CsvSource({"503, true, HTTP_STATUS, elb", "503, false, HTTP_STATUS, target"})
  void separatesResponsesOfLoadBalancerAndTarget(
      int code, boolean byLoadBalancer, Cause cause, String source) {
    probes.add(shop, MetricsFixture.HTTP);
    probes.record(
        seen(shop, failure(Phase.PROCESSING, cause, new Note.Answered(code, byLoadBalancer))));

    assertThat(runs("http", "503", source, "http_status")).hasValue(1.0);
  }

  @Test
  void exportsUnexpectedCodeOnceItOccurs() {
    probes.add(shop, MetricsFixture.HTTP);
    assertThat(runs("http", "404", "elb", "success")).isEmpty();

    probes.record(seen(shop, answered(Phase.TRANSFER, new Note.Answered(404, true))));

    assertThat(runs("http", "404", "elb", "success")).hasValue(1.0);
  }

  @ParameterizedTest
  @CsvSource({"99", "1000", "0", "-1"})
  void aCodeThatIsNoneIsNoLabel(int code) {
    probes.add(shop, MetricsFixture.HTTP);
    probes.record(seen(shop, answered(Phase.TRANSFER, new Note.Answered(code, false))));

    assertThat(runs("http", "", "target", "success")).hasValue(1.0);
  }

  @Test
  void aTargetThatInventsCodesMakesABoundedNumberOfSeries() {
    probes.add(shop, MetricsFixture.HTTP);
    for (var code = 100; code < 1000; code++) {
      probes.record(seen(shop, answered(Phase.TRANSFER, new Note.Answered(code, false))));
    }

    var page = Page.of(metrics);
    assertThat(page.count("eksnet_lb_probe_total")).isLessThanOrEqualTo(140);
    var counted =
        page.series().entrySet().stream()
            .filter(series -> series.getKey().name().equals("eksnet_lb_probe_total"))
            .mapToDouble(java.util.Map.Entry::getValue)
            .sum();
    assertThat(counted).isEqualTo(900.0);
  }

  @Test
  void listenersOfALoadBalancerCountTogether() {
    probes.add(shop, MetricsFixture.HTTP);
    probes.add(admin, MetricsFixture.HTTP);
    probes.record(seen(shop, answered(Phase.TRANSFER, new Note.Answered(200, false))));
    probes.record(seen(admin, answered(Phase.TRANSFER, new Note.Answered(200, false))));

    assertThat(runs("http", "200", "target", "success")).hasValue(2.0);
  }

  @Test
  void anAddressFailsIfAnyListenerFailsThere() {
    probes.add(shop, MetricsFixture.HTTP);
    probes.add(admin, MetricsFixture.HTTP);
    assertThat(addresses("ok")).isEmpty();

    probes.record(seen(shop, at("10.0.0.1", true, "10.0.0.2", true)));
    probes.record(seen(admin, at("10.0.0.1", true, "10.0.0.2", false)));
    assertThat(addresses("ok")).hasValue(1.0);
    assertThat(addresses("failing")).hasValue(1.0);

    probes.record(seen(admin, at("10.0.0.1", true, "10.0.0.3", true)));
    assertThat(addresses("ok")).hasValue(3.0);
    assertThat(addresses("failing")).hasValue(0.0);
  }

  @Test
  void addressesAreUnknownWhileTheNameDoesNotResolveAndAreNeverZero() {
    probes.add(shop, MetricsFixture.HTTP);
    probes.record(seen(shop, at("10.0.0.1", true, "10.0.0.2", true)));
    probes.record(seen(shop, new Outcome.NotRun(Reason.STALL)));
    assertThat(addresses("ok")).hasValue(2.0);

    probes.record(seen(shop, failure(Phase.RESOLVE, Cause.SERVFAIL)));

    assertThat(addresses("ok")).isEmpty();
    assertThat(addresses("failing")).isEmpty();
  }

  @Test
  void anAddressThatWasNotProbedKeepsItsVerdict() {
    probes.add(shop, MetricsFixture.HTTP);
    probes.record(seen(shop, at("10.0.0.1", true, "10.0.0.2", false)));
    probes.record(
        seen(
            shop,
            new Several(
                List.of(
                    new Part("10.0.0.1", new Outcome.NotRun(Reason.PROBER)),
                    new Part("10.0.0.2", new Outcome.NotRun(Reason.PROBER))))));

    assertThat(addresses("ok")).hasValue(1.0);
    assertThat(addresses("failing")).hasValue(1.0);
  }

  @Test
  void addressesAreUnknownAfterThreeIntervalsWithoutAResult() {
    probes.add(shop, MetricsFixture.HTTP);
    probes.record(seen(shop, at("10.0.0.1", true, "10.0.0.2", false)));

    probes.sweep(MetricsFixture.NOON.plus(shop.interval().multipliedBy(3)));
    assertThat(addresses("ok")).hasValue(1.0);
    probes.sweep(MetricsFixture.NOON.plus(shop.interval().multipliedBy(3)).plusMillis(4));
    assertThat(addresses("ok")).isEmpty();
    assertThat(addresses("failing")).isEmpty();
  }

  @Test
  void eachListenerShowsWhenItsFirstCertificateEnds() {
    probes.add(shop, MetricsFixture.HTTP);
    probes.record(
        seen(
            shop,
            new Several(
                List.of(
                    new Part("10.0.0.1", answered(Phase.TRANSFER, ends(2_000_000_000))),
                    new Part("10.0.0.2", answered(Phase.TRANSFER, ends(1_900_000_000)))))));

    assertThat(expiry("443 shop.example.com")).hasValue(1_900_000_000.0);
  }

  @Test
  void aLoadBalancerGoesWithItsLastListenerAfterTheGrace() {
    probes.add(shop, MetricsFixture.HTTP);
    probes.add(admin, MetricsFixture.HTTP);
    probes.record(seen(shop, at("10.0.0.1", true, "10.0.0.2", true)));
    probes.record(seen(admin, at("10.0.0.1", false, "10.0.0.2", false)));
    probes.record(seen(admin, answered(Phase.TRANSFER, ends(2_000_000_000))));
    probes.record(seen(admin, at("10.0.0.1", false, "10.0.0.2", false)));
    probes.retire(admin, NOON);
    probes.sweep(NOON.plusSeconds(60));

    assertThat(addresses("ok")).hasValue(2.0);
    assertThat(addresses("failing")).hasValue(0.0);
    assertThat(expiry("443 admin.example.com")).isEmpty();

    probes.retire(shop, NOON);
    probes.sweep(NOON.plusSeconds(60));
    assertThat(Page.of(metrics).text()).doesNotContain("k8s-shop");
  }

  private static Note ends(long epochSecond) {
    return new Note.CertificateExpiry(Instant.ofEpochSecond(epochSecond));
  }

  private static Outcome at(Object... addressesAndVerdicts) {
    var parts = new ArrayList<Part>();
    for (var i = 0; i < addressesAndVerdicts.length; i += 2) {
      parts.add(
          new Part(
              (String) addressesAndVerdicts[i],
              (boolean) addressesAndVerdicts[i + 1]
                  ? answered(Phase.TRANSFER, new Note.Answered(200, false))
                  : failure(Phase.CONNECT, Cause.TIMEOUT)));
    }
    return new Several(parts);
  }

  private Optional<Double> runs(String stage, String code, String source, String outcome) {
    return Page.of(metrics)
        .value(
            "eksnet_lb_probe_total",
            "cluster",
            "demo",
            "lb",
            "k8s-shop",
            "stage",
            stage,
            "code",
            code,
            "source",
            source,
            "outcome",
            outcome);
  }

  private Optional<Double> addresses(String state) {
    return Page.of(metrics)
        .value("eksnet_lb_probe_addresses", "cluster", "demo", "lb", "k8s-shop", "state", state);
  }

  private Optional<Double> expiry(String listener) {
    return Page.of(metrics)
        .value(
            "eksnet_certificate_expiry_timestamp_seconds",
            "cluster",
            "demo",
            "probe",
            "",
            "lb",
            "k8s-shop",
            "target",
            listener);
  }
}
