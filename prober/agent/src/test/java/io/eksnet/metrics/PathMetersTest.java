package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static io.eksnet.metrics.MetricsFixture.answered;
import static io.eksnet.metrics.MetricsFixture.failure;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.suite;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PathMetersTest {
  private final Metrics metrics = MetricsFixture.metrics();
  private final ProbeMeters probes = metrics.probes();
  private final Task byName =
      suite(new ServiceKey("shop", "backend", "name"), "backend.shop.svc.cluster.local.", false);

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void everyWayInWhichACallCanEndIsAtZeroFromTheFirstMoment() {
    probes.add(byName, MetricsFixture.HTTP);

    for (var dns :
        new String[] {
          "timeout",
          "unreachable",
          "conn_refused",
          "nxdomain",
          "servfail",
          "refused_rcode",
          "nodata",
          "truncated",
          "wrong_answer"
        }) {
      assertThat(service("name", "dns", dns)).as(dns).hasValue(0.0);
    }
    for (var tcp : new String[] {"timeout", "unreachable", "conn_refused", "reset"}) {
      assertThat(service("name", "tcp", tcp)).as(tcp).hasValue(0.0);
    }
    for (var http :
        new String[] {
          "success",
          "timeout",
          "reset",
          "http_status",
          "http_body",
          "http_protocol",
          "too_large",
          "redirect_limit"
        }) {
      assertThat(service("name", "http", http)).as(http).hasValue(0.0);
    }
    assertThat(service("name", "", "not_run")).hasValue(0.0);
    assertThat(Page.of(metrics).count("eksnet_service_probe_total")).isEqualTo(22);
  }

  @Test
  void anAddressHasNoStageOfDnsAndTlsHasOneOfItsOwn() {
    var byAddress = suite(new ServiceKey("shop", "backend", "cluster_ip"), "10.100.3.4", true);
    probes.add(byAddress, MetricsFixture.HTTP);

    assertThat(service("cluster_ip", "dns", "nxdomain")).isEmpty();
    assertThat(service("cluster_ip", "tls", "tls_expired")).hasValue(0.0);
    assertThat(Page.of(metrics).count("eksnet_service_probe_total")).isEqualTo(4 + 7 + 8 + 1);
  }

  @Test
  void aCallOverTcpAloneSucceedsThere() {
    var task =
        MetricsFixture.task(
            new ServiceKey("shop", "db", "name"), "tcp", java.time.Duration.ofSeconds(9), false);
    probes.add(task, MetricsFixture.TCP);
    probes.record(seen(task, answered(Phase.CONNECT)));

    var page = Page.of(metrics).text();
    assertThat(page)
        .contains("outcome=\"success\",service=\"db\",stage=\"tcp\",via=\"name\"} 1.0")
        .doesNotContain("service=\"db\",stage=\"http\"");
  }

  @ParameterizedTest
  @CsvSource({
    "RESOLVE, NXDOMAIN, dns, nxdomain",
    "CONNECT, CONN_REFUSED, tcp, conn_refused",
    "TLS, TLS_NAME, tls, tls_name",
    "PROCESSING, HTTP_STATUS, http, http_status",
    "TRANSFER, TIMEOUT, http, timeout",
  })
  void aFailureIsCountedWhereItEnded(Phase phase, Cause cause, String stage, String outcome) {
    probes.add(byName, MetricsFixture.HTTP);
    probes.record(seen(byName, failure(phase, cause)));

    assertThat(service("name", stage, outcome)).hasValue(1.0);
    assertThat(service("name", "http", "success")).hasValue(0.0);
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void everyCauseIsCountedAtWhateverStage(Cause cause) {
    probes.add(byName, MetricsFixture.HTTP);
    for (var phase : Phase.values()) {
      probes.record(seen(byName, failure(phase, cause)));
    }

    var counted =
        Page.of(metrics).series().entrySet().stream()
            .filter(series -> series.getKey().name().equals("eksnet_service_probe_total"))
            .filter(series -> cause.label().equals(series.getKey().labels().get("outcome")))
            .mapToDouble(java.util.Map.Entry::getValue)
            .sum();
    assertThat(counted).isEqualTo(5.0);
  }

  @Test
  void whatDidNotRunHasNoStage() {
    probes.add(byName, MetricsFixture.HTTP);
    probes.record(seen(byName, new Outcome.NotRun(Reason.STALL)));

    assertThat(service("name", "", "not_run")).hasValue(1.0);
  }

  @Test
  void peersOfAZoneCountTogetherAndOneMayGo() {
    var b = suite(new PodKey("node-b", "az1", "az2"), "10.0.2.2", false);
    var c = suite(new PodKey("node-c", "az1", "az2"), "10.0.2.3", false);
    probes.add(b, MetricsFixture.HTTP);
    probes.add(c, MetricsFixture.HTTP);
    probes.record(seen(b, answered(Phase.TRANSFER)));
    probes.record(seen(c, answered(Phase.TRANSFER)));
    probes.record(seen(c, failure(Phase.CONNECT, Cause.TIMEOUT)));

    assertThat(pods("success")).hasValue(2.0);
    assertThat(pods("timeout")).hasValue(1.0);
    assertThat(Page.of(metrics).text()).doesNotContain("node-b").doesNotContain("10.0.2.2");

    probes.retire(b, NOON);
    probes.sweep(NOON.plusSeconds(60));
    assertThat(pods("success")).hasValue(2.0);

    probes.retire(c, NOON);
    probes.sweep(NOON.plusSeconds(59));
    assertThat(pods("timeout")).hasValue(1.0);
    probes.sweep(NOON.plusSeconds(60));
    assertThat(pods("timeout")).isEmpty();
  }

  @Test
  void targetsOfAGroupCountTogether() {
    for (var address : new String[] {"10.0.1.1", "10.0.1.2"}) {
      var task = suite(new TargetKey("k8s-shop-backend", address), address, false);
      probes.add(task, MetricsFixture.HTTP);
      probes.record(seen(task, failure(Phase.CONNECT, Cause.CONN_REFUSED)));
    }

    assertThat(
            Page.of(metrics)
                .value(
                    "eksnet_target_probe_total",
                    "cluster",
                    "demo",
                    "target_group",
                    "k8s-shop-backend",
                    "stage",
                    "tcp",
                    "outcome",
                    "conn_refused"))
        .hasValue(2.0);
    assertThat(Page.of(metrics).text()).doesNotContain("10.0.1.1");
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 1",
    "172.31.0.9, 1",
    "192.168.1.1, 1",
    "100.64.0.1, 1",
    "198.19.3.4, 1",
    "198.20.3.4, 0",
    "100.127.255.254, 1",
    "fd00:ec2::23, 1",
    "100.128.0.1, 0",
    "172.32.0.1, 0",
    "54.239.28.85, 0",
    "2600:1f18::1, 0",
    "10.1.2.3 54.239.28.85, 0",
    "10.1.2.3 10.1.4.3, 1",
  })
  void anEndpointIsPrivateIfAllItsAddressesAre(String addresses, double expected) {
    var task = sts();
    probes.add(task, MetricsFixture.HTTP);
    assertThat(isPrivate()).isEmpty();

    probes.record(seen(task, failure(Phase.CONNECT, Cause.TIMEOUT, resolved(addresses))));

    assertThat(isPrivate()).hasValue(expected);
  }

  @Test
  void whatAnEndpointHasIsNotKnownWhileItsNameDoesNotResolve() {
    var task = sts();
    probes.add(task, MetricsFixture.HTTP);
    probes.record(seen(task, answered(Phase.TRANSFER, resolved("10.0.0.1"))));
    probes.record(seen(task, new Outcome.NotRun(Reason.STALL)));
    assertThat(isPrivate()).hasValue(1.0);

    probes.record(seen(task, failure(Phase.RESOLVE, Cause.SERVFAIL)));

    assertThat(isPrivate()).isEmpty();
    assertThat(
            Page.of(metrics)
                .value(
                    "eksnet_sts_probe_total",
                    "cluster",
                    "demo",
                    "stage",
                    "dns",
                    "outcome",
                    "servfail"))
        .hasValue(1.0);
  }

  @Test
  void stsGoesAfterItsGrace() {
    var task = sts();
    probes.add(task, MetricsFixture.HTTP);
    probes.record(seen(task, answered(Phase.TRANSFER, resolved("10.0.0.1"))));
    probes.retire(task, NOON);
    probes.sweep(NOON.plusSeconds(60));

    assertThat(isPrivate()).isEmpty();
    assertThat(Page.of(metrics).count("eksnet_sts_probe_total")).isZero();
  }

  @Test
  void countsEachAddressOfAnEndpointAndTimesItsSuccesses() {
    var task = suite(new EndpointKey("ecr.api"), "api.ecr.eu-central-1.amazonaws.com", true);
    probes.add(task, MetricsFixture.HTTP);
    probes.record(
        seen(
            task,
            new Outcome.Several(
                List.of(
                    new Outcome.Part("10.0.0.1", answered(Phase.TRANSFER, resolved("10.0.0.1"))),
                    new Outcome.Part("10.0.1.1", failure(Phase.CONNECT, Cause.TIMEOUT))))));

    assertThat(endpoint("ecr.api", "tcp", "timeout")).hasValue(1.0);
    assertThat(endpoint("ecr.api", "http", "success")).hasValue(1.0);
    assertThat(
            Page.of(metrics)
                .value(
                    "eksnet_endpoint_probe_duration_seconds_count",
                    "cluster",
                    "demo",
                    "service",
                    "ecr.api"))
        .hasValue(1.0);
  }

  @Test
  void countsStsAmongTheEndpoints() {
    var task = sts();
    probes.add(task, MetricsFixture.HTTP);
    probes.record(seen(task, failure(Phase.CONNECT, Cause.TIMEOUT)));

    assertThat(endpoint("sts", "tcp", "timeout")).hasValue(1.0);
  }

  private Optional<Double> endpoint(String service, String stage, String outcome) {
    return Page.of(metrics)
        .value(
            "eksnet_endpoint_probe_total",
            "cluster",
            "demo",
            "service",
            service,
            "stage",
            stage,
            "outcome",
            outcome);
  }

  private static Task sts() {
    return suite(new StsKey(), "sts.eu-central-1.amazonaws.com", true);
  }

  private static Note resolved(String addresses) {
    return new Note.Resolved(
        Arrays.stream(addresses.split(" "))
            .map(address -> AddressLiteral.parse(address).orElseThrow())
            .toList());
  }

  private Optional<Double> isPrivate() {
    return Page.of(metrics)
        .value("eksnet_endpoint_dns_private", "cluster", "demo", "service", "sts");
  }

  private Optional<Double> pods(String outcome) {
    return Page.of(metrics)
        .value(
            "eksnet_pod_probe_total",
            "cluster",
            "demo",
            "src_az",
            "az1",
            "dst_az",
            "az2",
            "outcome",
            outcome);
  }

  private Optional<Double> service(String via, String stage, String outcome) {
    return Page.of(metrics)
        .value(
            "eksnet_service_probe_total",
            "cluster",
            "demo",
            "namespace",
            "shop",
            "service",
            "backend",
            "via",
            via,
            "stage",
            stage,
            "outcome",
            outcome);
  }
}
