package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static io.eksnet.metrics.MetricsFixture.dns;
import static io.eksnet.metrics.MetricsFixture.failure;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsMetersTest {
  private final Metrics metrics = MetricsFixture.metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void queriesAreCountedUnderTheNamesOfTheSuite() {
    var task = dns("service", "internal");
    metrics.probes().add(task, MetricsFixture.DNS);
    metrics.probes().record(seen(task, success(5, new Note.Retried(), new Note.Truncated())));
    metrics.probes().record(seen(task, failure(Cause.SERVFAIL)));

    var text = Page.of(metrics).text();
    assertThat(text)
        .contains(
            "eksnet_dns_probe_total{cluster=\"demo\",outcome=\"servfail\",path=\"service\","
                + "proto=\"udp\",qtype=\"A\",query_class=\"internal\",server=\"\"} 1.0\n")
        .contains(
            "eksnet_dns_probe_duration_seconds_bucket{cluster=\"demo\",path=\"service\","
                + "proto=\"udp\",query_class=\"internal\",le=\"0.005\"} 1\n")
        .contains(
            "eksnet_dns_probe_retried_total{cluster=\"demo\",path=\"service\",proto=\"udp\"} 1.0\n")
        .contains(
            "eksnet_dns_probe_truncated_total{cluster=\"demo\",path=\"service\",proto=\"udp\"}"
                + " 1.0\n")
        .doesNotContain("eksnet_probe_total{");
  }

  @Test
  void aBoundLiesOnEitherSideOfTheTimeoutOfStubResolvers() {
    metrics.probes().add(dns("service", "internal"), MetricsFixture.DNS);

    var page = Page.of(metrics);
    assertThat(page.text()).contains("le=\"4.9\"").contains("le=\"5.1\"");
    assertThat(page.count("eksnet_dns_probe_duration_seconds_bucket")).isEqualTo(16);
  }

  @Test
  void whatPathsShareStaysUntilTheLastOfThemGoes() {
    var internal = dns("service", "internal");
    var external = dns("service", "external");
    metrics.probes().add(internal, MetricsFixture.DNS);
    metrics.probes().add(external, MetricsFixture.DNS);
    metrics.probes().record(seen(external, success(5, new Note.Retried())));

    metrics.probes().retire(internal, NOON);
    metrics.probes().sweep(NOON.plusSeconds(60));
    assertThat(Page.of(metrics).text())
        .contains("eksnet_dns_probe_retried_total{cluster=\"demo\",path=\"service\"")
        .doesNotContain("internal");

    metrics.probes().retire(external, NOON);
    metrics.probes().sweep(NOON.plusSeconds(60));
    assertThat(Page.of(metrics).text()).doesNotContain("path=\"service\"");
  }
}
