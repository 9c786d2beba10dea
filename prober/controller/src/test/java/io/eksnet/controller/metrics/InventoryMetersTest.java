package io.eksnet.controller.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.metrics.Metrics;
import io.eksnet.metrics.MetricsFixture;
import io.eksnet.metrics.Page;
import io.eksnet.metrics.SampleInventory;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InventoryMetersTest {
  private final Metrics metrics = MetricsFixture.metrics();
  private final ControllerMetrics own = ControllerMetrics.register(metrics.instruments());

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void anAgentWithoutAnInventoryShowsNothingOfIt() {
    assertThat(Page.of(metrics).series().keySet())
        .noneMatch(series -> series.name().startsWith("eksnet_poll"))
        .noneMatch(series -> series.name().startsWith("eksnet_inventory"));
  }

  @Test
  void whatIsKnownIsOnThePage() {
    own.inventory().update(SampleInventory.of("web"), NOON);

    var page = Page.of(metrics);
    assertThat(
            page.value(
                "eksnet_target_health",
                "cluster",
                "demo",
                "lb",
                "web",
                "target_group",
                "web",
                "namespace",
                "web",
                "service",
                "web",
                "state",
                "unhealthy",
                "reason",
                "web"))
        .hasValue(1.0);
    assertThat(page.text())
        .contains("# TYPE eksnet_pod_sandbox_failures_total counter\n")
        .contains("# TYPE eksnet_dns_backends gauge\n");
  }

  @Test
  void whatIsForgottenLeavesThePage() {
    own.inventory().update(SampleInventory.of("web"), NOON);
    assertThat(Page.of(metrics).count("eksnet_lb_state")).isEqualTo(4);

    own.inventory().update(SampleInventory.of("web"), NOON.plusSeconds(180));
    assertThat(Page.of(metrics).count("eksnet_lb_state")).isZero();
    assertThat(Page.of(metrics).count("eksnet_poll_interval_seconds")).isPositive();

    own.inventory().update(Inventory.EMPTY, NOON.plusSeconds(181));
    assertThat(Page.of(metrics).text()).doesNotContain("eksnet_poll");
  }

  @Test
  void aScrapeSeesOneUpdateAndNeverHalfOfTwo() throws Exception {
    var stop = new AtomicBoolean();
    var updates =
        new Thread(
            () -> {
              for (int i = 1; !stop.get(); i++) {
                own.inventory().update(failures(i), NOON);
              }
            });
    own.inventory().update(failures(1), NOON);
    updates.start();
    try {
      for (int i = 0; i < 50; i++) {
        var counts =
            Page.of(metrics).series().entrySet().stream()
                .filter(s -> s.getKey().name().equals("eksnet_pod_sandbox_failures_total"))
                .map(s -> s.getValue())
                .toList();
        assertThat(counts).hasSize(100);
        assertThat(counts.stream().distinct()).hasSize(1);
      }
    } finally {
      stop.set(true);
      updates.join(20_000);
    }
  }

  private static Inventory failures(long count) {
    return Inventory.EMPTY.with(
        Resources.SANDBOX_FAILURES,
        Snapshot.of(
            IntStream.range(0, 100)
                .mapToObj(
                    i ->
                        new SandboxFailures(
                            "a", "n" + i, SandboxFailure.NO_IP, count, "", Instant.EPOCH))
                .toList(),
            NOON,
            Duration.ofMinutes(1)));
  }
}
