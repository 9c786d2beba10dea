package io.eksnet.metrics;

import static io.eksnet.metrics.MetricsFixture.own;
import static io.eksnet.metrics.MetricsFixture.seen;
import static io.eksnet.metrics.MetricsFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Phase;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ManyTargetsTest {
  private static final int TARGETS = 10_000;
  private static final Set<Cause> FIFTEEN = EnumSet.range(Cause.CONN_REFUSED, Cause.HTTP_STATUS);
  private static final KindSpec<MetricsFixture.NoSettings> HTTP =
      MetricsFixture.kind("http", List.of(Phase.values()), FIFTEEN);

  @Test
  void tenThousandTargetsAreOnOnePage() throws Exception {
    try (var metrics = MetricsFixture.metrics()) {
      var before = heap();
      var start = System.nanoTime();
      for (int i = 0; i < TARGETS; i++) {
        var task = own("p" + i % 10, "http", "https://service-" + i + ".example.com/health");
        metrics.probes().add(task, HTTP);
        metrics.probes().record(seen(task, success(3)));
      }
      report("ms to register and record:", (System.nanoTime() - start) / 1_000_000);
      var page = Page.of(metrics);
      report("series:", page.series().size());
      assertThat(page.count("eksnet_probe_total")).isEqualTo(TARGETS * (FIFTEEN.size() + 2L));
      page = null;
      report("bytes of heap a target:", (heap() - before) / TARGETS);
      for (var accept : List.of("text/plain", "application/openmetrics-text")) {
        scrape(metrics, accept);
      }
      scrape(metrics, ExpositionFormat.PROTOBUF.contentType());
    }
  }

  private static void scrape(Metrics metrics, String accept) throws Exception {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var bytes = new AtomicLong();
    long cpu = Long.MAX_VALUE;
    long garbage = 0;
    for (int i = 0; i < 8; i++) {
      bytes.set(0);
      long garbageBefore = threads.getCurrentThreadAllocatedBytes();
      long cpuBefore = threads.getCurrentThreadCpuTime();
      metrics.exposition().write(accept, new Counting(bytes));
      cpu = Math.min(cpu, threads.getCurrentThreadCpuTime() - cpuBefore);
      garbage = threads.getCurrentThreadAllocatedBytes() - garbageBefore;
    }
    report(accept + ", µs of CPU:", cpu / 1_000);
    report(accept + ", bytes:", bytes.get());
    report(accept + ", garbage:", garbage);
    assertThat(bytes.get()).isPositive();
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void report(String what, long value) {
    System.out.println("ten thousand targets: " + what + " " + value);
  }

  private static final class Counting extends OutputStream {
    private final AtomicLong bytes;

    Counting(AtomicLong bytes) {
      this.bytes = bytes;
    }

    @Override
    public void write(int b) {
      bytes.incrementAndGet();
    }

    @Override
    public void write(byte[] b, int off, int len) {
      bytes.addAndGet(len);
    }
  }
}
