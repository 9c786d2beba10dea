package io.eksnet.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.metrics.Metrics;
import io.eksnet.metrics.MetricsFixture;
import io.eksnet.metrics.Page;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AwsMetersTest {
  private final Metrics metrics = MetricsFixture.metrics();
  private final ControllerMetrics own = ControllerMetrics.register(metrics.instruments());

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void allOutcomesExistFromTheFirstCallOfAnOperation() {
    own.aws().call("ec2", "DescribeSubnets", "ok", 40_000_000);
    own.aws().call("ec2", "DescribeSubnets", "throttled", 20_000_000);
    own.aws().call("ec2", "DescribeSubnets", "throttled", 20_000_000);

    var page = Page.of(metrics);
    assertThat(requests(page, "ok")).hasValue(1.0);
    assertThat(requests(page, "throttled")).hasValue(2.0);
    assertThat(requests(page, "denied")).hasValue(0.0);
    assertThat(requests(page, "error")).hasValue(0.0);
    assertThat(requests(page, "timeout")).hasValue(0.0);
  }

  @Test
  void durationsAreKeptByOutcome() {
    own.aws().call("ec2", "DescribeSubnets", "ok", 40_000_000);
    own.aws().call("ec2", "DescribeSubnets", "ok", -1);

    assertThat(duration(Page.of(metrics), "_sum", "ok")).hasValue(0.04);
    assertThat(duration(Page.of(metrics), "_count", "ok")).hasValue(2.0);
    assertThat(duration(Page.of(metrics), "_count", "denied")).isEmpty();
  }

  @Test
  void withoutCallsThereIsNothing() {
    assertThat(Page.of(metrics).count("eksnet_aws_api_requests_total")).isZero();
  }

  private static Optional<Double> requests(Page page, String outcome) {
    return page.value(
        "eksnet_aws_api_requests_total",
        "cluster",
        "demo",
        "service",
        "ec2",
        "operation",
        "DescribeSubnets",
        "outcome",
        outcome);
  }

  private static Optional<Double> duration(Page page, String suffix, String outcome) {
    return page.value(
        "eksnet_aws_api_request_duration_seconds" + suffix,
        "cluster",
        "demo",
        "service",
        "ec2",
        "operation",
        "DescribeSubnets",
        "outcome",
        outcome);
  }
}
