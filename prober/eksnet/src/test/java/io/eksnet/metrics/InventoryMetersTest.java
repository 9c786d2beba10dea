package io.eksnet.metrics;

import static io.eksnet.metrics.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Known;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.SandboxFailure;
import io.eksnet.core.inventory.SandboxFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InventoryMetersTest {
  private final Metrics metrics = Samples.metrics();

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
    metrics.inventory().update(SampleInventory.of("web"), NOON);

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
    metrics.inventory().update(SampleInventory.of("web"), NOON);
    assertThat(Page.of(metrics).count("eksnet_lb_state")).isEqualTo(4);

    metrics.inventory().update(SampleInventory.of("web"), NOON.plusSeconds(180));
    assertThat(Page.of(metrics).count("eksnet_lb_state")).isZero();
    assertThat(Page.of(metrics).count("eksnet_poll_interval_seconds")).isPositive();

    metrics.inventory().update(Inventory.EMPTY, NOON.plusSeconds(181));
    assertThat(Page.of(metrics).text()).doesNotContain("eksnet_poll");
  }

  @Test
  void aScrapeSeesOneUpdateAndNeverHalfOfTwo() throws Exception {
    var stop = new AtomicBoolean();
    var updates =
        new Thread(
            () -> {
              for (int i = 1; !stop.get(); i++) {
                metrics.inventory().update(failures(i), NOON);
              }
            });
    metrics.inventory().update(failures(1), NOON);
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
        Parts.SANDBOX_FAILURES,
        Known.of(
            IntStream.range(0, 100)
                .mapToObj(
                    i ->
                        new SandboxFailures(
                            "a", "n" + i, SandboxFailure.NO_IP, count, Instant.EPOCH))
                .toList(),
            NOON,
            Duration.ofMinutes(1)));
  }
}
