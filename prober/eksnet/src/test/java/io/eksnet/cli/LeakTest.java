package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.DnsFault;
import io.eksnet.lab.DnsServer;
import io.eksnet.lab.LabWebServer;
import io.eksnet.lab.TcpFault;
import io.eksnet.lab.TcpServer;
import io.eksnet.lab.TestCertificates;
import io.eksnet.lab.WebFault;
import io.eksnet.lab.Zone;
import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.dns.DnsKind;
import io.eksnet.probe.dns.DnsSettings;
import io.eksnet.probe.grpc.GrpcKind;
import io.eksnet.probe.grpc.GrpcSettings;
import io.eksnet.probe.http.HttpKind;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.tcp.TcpKind;
import io.eksnet.probe.tcp.TcpSettings;
import io.eksnet.probe.tls.TlsKind;
import io.eksnet.probe.tls.TlsProbeSettings;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ten thousand failures of each kind leave behind: nothing. */
@Timeout(180)
class LeakTest {
  private static final int AT_ONCE = 200;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);

  /** A hundred bytes a run would be 1 MB in each round of ten thousand. */
  private static final long MAX_GROWTH_BYTES = 1_000_000;

  private static final int ROUNDS = 4;

  private final Bench bench = Bench.with(true, Map.of());

  @Test
  void ofDns() throws Exception {
    try (var server = DnsServer.start(Zone.of(List.of()))) {
      var probe = new DnsKind().create(DnsSettings.of("a.lab.test", "A"), bench.network());
      var target = Target.of("dns", "127.0.0.1", server.addresses().get(0).getPort());
      leavesNothing(
          runs -> {
            server.fault(DnsFault.REFUSE);
            fail(probe, target, LONG, runs / 2, "conn_refused");
            server.fault(DnsFault.DROP);
            fail(probe, target, SHORT, runs / 2, "timeout");
          });
    }
  }

  @Test
  void ofTcp() throws Exception {
    try (var server = TcpServer.start("")) {
      var probe = new TcpKind().create(TcpSettings.DEFAULT, bench.network());
      var target = Target.of("tcp", "127.0.0.1", server.addresses().get(0).getPort());
      leavesNothing(
          runs -> {
            server.fault(TcpFault.REFUSE);
            fail(probe, target, LONG, runs / 2, "conn_refused");
            server.fault(TcpFault.DROP);
            fail(probe, target, SHORT, runs / 2, "timeout");
          });
    }
  }

  @Test
  void ofHttp() throws Exception {
    try (var server = LabWebServer.http()) {
      var kind = new HttpKind();
      var probe = kind.create(HttpSettings.DEFAULT, bench.network());
      var target = kind.target(server.url("127.0.0.1", "/"), HttpSettings.DEFAULT);
      leavesNothing(
          runs -> {
            server.fault(WebFault.REFUSE);
            fail(probe, target, LONG, runs / 2, "conn_refused");
            server.fault(WebFault.RESET);
            fail(probe, target, LONG, runs / 4, "reset");
            server.fault(WebFault.GARBAGE);
            fail(probe, target, LONG, runs / 4, "http_protocol");
          });
    }
  }

  @Test
  void ofGrpc() throws Exception {
    try (var server = LabWebServer.http()) {
      var kind = new GrpcKind();
      var probe = kind.create(GrpcSettings.DEFAULT, bench.network());
      var target = Target.of("grpc", "127.0.0.1", server.addresses().get(0).getPort());
      leavesNothing(
          runs -> {
            server.fault(WebFault.REFUSE);
            fail(probe, target, LONG, runs / 2, "conn_refused");
            server.fault(WebFault.RESET);
            fail(probe, target, LONG, runs / 4, "reset");
            server.fault(WebFault.GRPC_UNAVAILABLE);
            fail(probe, target, LONG, runs / 4, "grpc_status");
          });
    }
  }

  @Test
  void ofTls() throws Exception {
    try (var server = LabWebServer.https(TestCertificates.of("shop.lab.test"))) {
      var probe = new TlsKind().create(TlsProbeSettings.DEFAULT, bench.network());
      var target = Target.of("tls", "127.0.0.1", server.addresses().get(0).getPort());
      leavesNothing(
          runs -> {
            server.fault(WebFault.TLS_GARBAGE);
            fail(probe, target, LONG, runs * 9 / 10, "tls_handshake");
            server.fault(WebFault.TLS_UNTRUSTED);
            fail(probe, target, LONG, runs / 10, "tls_untrusted");
          });
    }
  }

  private interface Failures {
    void run(int runs) throws Exception;
  }

  /** A first round loads classes and fills pools; what grows in every round after it is a leak. */
  private void leavesNothing(Failures failures) throws Exception {
    try (bench) {
      failures.run(4_000);
      bench.network().loop().submit(() -> {}).get();
      var files = settled(Long.MAX_VALUE);
      var heaps = new ArrayList<>(List.of(live(0)));

      do {
        var before = heaps.get(heaps.size() - 1);
        failures.run(10_000);
        heaps.add(live(before + MAX_GROWTH_BYTES));
      } while (grew(heaps) && heaps.size() <= ROUNDS);

      assertThat(settled(files)).as("open files").isLessThanOrEqualTo(files);
      Await.until("no timer", LONG, bench::timers, timers -> timers == 0);
      assertThat(grew(heaps)).as("the live heap grew in every round: %s", heaps).isFalse();
    }
  }

  private static boolean grew(List<Long> heaps) {
    var last = heaps.size() - 1;
    return heaps.get(last) >= heaps.get(last - 1) + MAX_GROWTH_BYTES;
  }

  private static void fail(Probe probe, Target target, Duration timeout, int runs, String label) {
    for (var done = 0; done < runs; done += AT_ONCE) {
      var batch = IntStream.range(0, AT_ONCE).mapToObj(i -> probe.run(target, timeout)).toList();
      Future.join(batch).await();
      assertThat(batch)
          .extracting(Future::result)
          .extracting(Outcome::label)
          .contains(label)
          .as("on a busy machine, a run may not be able to send in its time")
          .isSubsetOf(label, Outcome.NOT_RUN);
    }
  }

  /** The open files once there are no more than {@code most}, and the server closed its own. */
  private static long settled(long most) throws Exception {
    var last = new long[] {-1, 0};
    return Await.until(
        "open files to settle at " + most,
        LONG,
        LeakTest::openFiles,
        files -> {
          last[1] = files == last[0] ? last[1] + 1 : 0;
          last[0] = files;
          return files <= most && last[1] >= 10;
        });
  }

  private static long openFiles() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  /** The live heap after a collection; asked again, for references are cleared a little later. */
  private static long live(long enough) throws Exception {
    var memory = ManagementFactory.getMemoryMXBean();
    var least = Long.MAX_VALUE;
    for (var i = 0; i < 10 && (i < 3 || least > enough); i++) {
      memory.gc();
      Thread.sleep(100);
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
