package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.LoopbackDns;
import io.eksnet.probe.net.Network;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DnsLeakTest {
  private static final int RUNS = 1_000;
  private static final int AT_ONCE = 50;

  @Test
  void leaksNoSocketAndNoTimer() throws Exception {
    var network = Network.open();
    try (var silent = LoopbackDns.silent();
        var fine = LoopbackDns.answering("A 10.0.0.1")) {
      var kind = new DnsKind();
      var udp = kind.create(DnsSettings.of("a.example", "A"), network);
      var tcp = kind.create(DnsSettings.of("a.example", "A").overTcp(), network);
      run(udp, fine, Duration.ofHours(1), AT_ONCE, "success");
      var files = openFiles();

      run(udp, silent, Duration.ofMillis(20), RUNS, "timeout", "not_run");
      run(udp, fine, Duration.ofHours(1), RUNS, "success");
      run(tcp, fine, Duration.ofHours(1), RUNS, "success");
      run(tcp, silent, Duration.ofHours(1), RUNS, "reset");
      run(tcp, silent.withoutTcp(), Duration.ofHours(1), RUNS, "conn_refused");

      assertThat(timers(network)).isEmpty();
      assertThat(openFiles()).isLessThanOrEqualTo(files);
    } finally {
      network.close();
    }
  }

  private static void run(
      Probe probe, LoopbackDns server, Duration timeout, int runs, String... labels) {
    var target = Target.of("server", "127.0.0.1", server.port());
    for (var done = 0; done < runs; done += AT_ONCE) {
      var batch = IntStream.range(0, AT_ONCE).mapToObj(i -> probe.run(target, timeout)).toList();
      Future.join(batch).await();
      assertThat(batch).extracting(Future::result).extracting(Outcome::label).isSubsetOf(labels);
    }
  }

  private static Queue<?> timers(Network network) throws Exception {
    var queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
    queue.setAccessible(true);
    return (Queue<?>) queue.get(network.loop());
  }

  private static long openFiles() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
