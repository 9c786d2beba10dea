package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static io.eksnet.metrics.MetricsFixture.answered;
import static io.eksnet.metrics.MetricsFixture.dns;
import static io.eksnet.metrics.MetricsFixture.failure;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.suite;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Part;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The latency histograms of the built-in suites. */
class SuiteDurationsTest {
  private static final Outcome SUCCESS = answered(Phase.TRANSFER); // 1 ms per phase, 5 ms in all

  private final Metrics metrics = MetricsFixture.metrics();
  private final ProbeMeters probes = metrics.probes();

  @AfterEach
  void close() {
    metrics.close();
  }

  static Stream<Arguments> suites() {
    return Stream.of(
        arguments(
            suite(new ServiceKey("shop", "backend", "name"), "backend.shop", false),
            "eksnet_service_probe_duration_seconds",
            Map.of("namespace", "shop", "service", "backend", "via", "name")),
        arguments(
            suite(new PodKey("node-b", "az1", "az2"), "10.0.2.2", false),
            "eksnet_pod_probe_duration_seconds",
            Map.of("src_az", "az1", "dst_az", "az2")),
        arguments(
            suite(new TargetKey("k8s-shop", "10.0.1.1"), "10.0.1.1", false),
            "eksnet_target_probe_duration_seconds",
            Map.of("target_group", "k8s-shop")),
        arguments(
            suite(new EndpointKey("ec2"), "ec2.eu-central-1.amazonaws.com", true),
            "eksnet_endpoint_probe_duration_seconds",
            Map.of("service", "ec2")),
        arguments(
            suite(new StsKey(), "sts.eu-central-1.amazonaws.com", true),
            "eksnet_endpoint_probe_duration_seconds",
            Map.of("service", "sts")),
        arguments(
            dns("service", "internal"),
            "eksnet_dns_probe_duration_seconds",
            Map.of("path", "service", "query_class", "internal", "proto", "udp")),
        arguments(
            suite(new LbKey("k8s-shop", "443 shop.example.com"), "k8s-shop.elb", true),
            "eksnet_lb_probe_duration_seconds",
            Map.of("lb", "k8s-shop", "phase", "tls")));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everyHistogramStartsAtZeroWithTheBucketsOfDns(
      Task task, String histogram, Map<String, String> labels) {
    probes.add(task, MetricsFixture.HTTP);

    assertThat(value(histogram + "_count", labels)).isZero();
    assertThat(value(histogram + "_sum", labels)).isZero();
    assertThat(bounds(histogram, labels))
        .containsExactly(
            "5.0E-4", "0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.25", "0.5",
            "1.0", "2.5", "4.9", "5.1", "10.0", "+Inf");
  }

  @ParameterizedTest
  @MethodSource("suites")
  void onlySuccessesOfKnownDurationAreObserved(
      Task task, String histogram, Map<String, String> labels) {
    probes.add(task, MetricsFixture.HTTP);
    probes.record(seen(task, failure(Phase.CONNECT, Cause.TIMEOUT)));
    probes.record(seen(task, new Outcome.NotRun(Reason.STALL)));
    probes.record(seen(task, new Outcome.Success(Timings.NONE, List.of())));
    assertThat(value(histogram + "_count", labels)).isZero();

    probes.record(seen(task, SUCCESS));
    assertThat(value(histogram + "_count", labels)).isEqualTo(1);
    assertThat(value(histogram + "_sum", labels)).isBetween(0.001, 0.005);
  }

  @ParameterizedTest
  @MethodSource("suites")
  void theHistogramGoesWithItsTask(Task task, String histogram, Map<String, String> labels) {
    probes.add(task, MetricsFixture.HTTP);
    probes.record(seen(task, SUCCESS));
    probes.retire(task, NOON);
    probes.sweep(NOON.plusSeconds(59));
    assertThat(value(histogram + "_count", labels)).isEqualTo(1);

    probes.sweep(NOON.plusSeconds(60));
    assertThat(Page.of(metrics).count(histogram + "_count")).isZero();
  }

  @Test
  void subjectsWithTheSameLabelsShareOneHistogramUntilTheLastGoes() {
    var one = suite(new TargetKey("k8s-shop", "10.0.1.1"), "10.0.1.1", false);
    var other = suite(new TargetKey("k8s-shop", "10.0.1.2"), "10.0.1.2", false);
    var group = Map.of("target_group", "k8s-shop");
    probes.add(one, MetricsFixture.HTTP);
    probes.add(other, MetricsFixture.HTTP);
    probes.record(seen(one, SUCCESS));
    probes.record(seen(other, SUCCESS));
    probes.retire(one, NOON);
    probes.sweep(NOON.plusSeconds(60));
    probes.record(seen(other, SUCCESS));

    assertThat(value("eksnet_target_probe_duration_seconds_count", group)).isEqualTo(3);
  }

  @Test
  void eachAddressOfALoadBalancerIsObserved() {
    var task = suite(new LbKey("k8s-shop", "443 shop.example.com"), "k8s-shop.elb", true);
    probes.add(task, MetricsFixture.HTTP);
    probes.record(
        seen(
            task,
            new Outcome.Several(
                List.of(
                    new Part("10.0.0.1", SUCCESS),
                    new Part("10.0.0.2", SUCCESS),
                    new Part("10.0.0.3", failure(Phase.CONNECT, Cause.TIMEOUT))))));

    assertThat(lb("processing")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "http, true, connect tls processing transfer",
    "http, false, connect processing transfer",
    "tcp, false, connect",
  })
  void aLoadBalancerHasThePhasesOfItsListeners(String kind, boolean secure, String phases) {
    KindSpec<?> spec = kind.equals("tcp") ? MetricsFixture.TCP : MetricsFixture.HTTP;
    probes.add(suite(new LbKey("k8s-shop", "443"), "k8s-shop.elb", secure), spec);

    assertThat(
            Page.of(metrics).series().keySet().stream()
                .filter(series -> series.name().equals("eksnet_lb_probe_duration_seconds_count"))
                .map(series -> series.labels().get("phase")))
        .containsExactlyInAnyOrder(phases.split(" "));
  }

  @Test
  void aPhaseThatARunDidNotFinishIsNotObserved() {
    var task = suite(new LbKey("k8s-shop", "80"), "k8s-shop.elb", false);
    probes.add(task, MetricsFixture.HTTP);
    var timings = new Timings.Builder().add(Phase.CONNECT, 2_000_000).total(2_000_000);
    probes.record(seen(task, new Outcome.Success(timings, List.of())));

    assertThat(lb("connect")).isEqualTo(1);
    assertThat(lb("processing")).isZero();
  }

  @Test
  void aSlowSuccessIsInTheBucketOfItsDuration() {
    var task = suite(new PodKey("node-b", "az1", "az2"), "10.0.2.2", false);
    probes.add(task, MetricsFixture.HTTP);
    probes.record(seen(task, new Outcome.Success(Timings.of(Duration.ofMillis(400)), List.of())));

    var pair = new TreeMap<>(Map.of("src_az", "az1", "dst_az", "az2"));
    pair.put("le", "0.25");
    assertThat(value("eksnet_pod_probe_duration_seconds_bucket", pair)).isZero();
    pair.put("le", "0.5");
    assertThat(value("eksnet_pod_probe_duration_seconds_bucket", pair)).isEqualTo(1);
  }

  private double lb(String phase) {
    return value(
        "eksnet_lb_probe_duration_seconds_count", Map.of("lb", "k8s-shop", "phase", phase));
  }

  private double value(String name, Map<String, String> labels) {
    var all = new TreeMap<>(labels);
    all.put("cluster", "demo");
    return requireNonNull(Page.of(metrics).series().get(new Page.Series(name, all)));
  }

  private List<String> bounds(String histogram, Map<String, String> labels) {
    return Page.of(metrics).series().keySet().stream()
        .filter(series -> series.name().equals(histogram + "_bucket"))
        .filter(series -> series.labels().entrySet().containsAll(labels.entrySet()))
        .map(series -> series.labels().get("le"))
        .toList();
  }
}
