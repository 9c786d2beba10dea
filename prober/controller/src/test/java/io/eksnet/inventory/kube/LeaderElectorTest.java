package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.kube.LeasePolicy.ClockReading;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LeaderElectorTest {
  private static final String NAMESPACE = "eksnet";
  private static final String LEASE = "eksnet-controller";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private KubernetesMockServer api;
  private KubernetesClient client;

  @BeforeEach
  void startApiServer() {
    var responses =
        new HashMap<
            io.fabric8.mockwebserver.ServerRequest,
            java.util.Queue<io.fabric8.mockwebserver.ServerResponse>>();
    api =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            responses,
            new KubernetesMixedDispatcher(responses),
            false);
    api.init(InetAddress.getLoopbackAddress(), 0);
    client = new KubernetesClientBuilder().withConfig(reach(api.getPort())).build();
  }

  @AfterEach
  void stopApiServer() {
    client.close();
    api.destroy();
  }

  @Test
  void standbyLeadsWithinSecondsAfterTheLeaderReleases() throws Exception {
    var changesA = new RecordedChanges();
    var changesB = new RecordedChanges();
    try (var a = elect("a", api.getPort(), LeaderElectorTest::now, changesA)) {
      until("a to lead", a::isLeader);
      try (var b = elect("b", api.getPort(), LeaderElectorTest::now, changesB)) {
        until("b to have read the lease of a", () -> b.holder().equals(Optional.of("a")));
        Thread.sleep(3_000);
        assertThat(b.isLeader()).isFalse();
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("a");
        assertThat(lease().getSpec().getLeaseDurationSeconds()).isEqualTo(15);

        stop(a);
        until("b to lead", b::isLeader);

        assertThat(changesA.leading).containsExactly(true, false);
        assertThat(changesB.leading).containsExactly(true);
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("b");
        assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(1);
      }
    }
  }

  @Test
  void leaderRenewsWithoutReadingUntilAnotherWrites() throws Exception {
    try (var a = elect("a", api.getPort(), LeaderElectorTest::now, new RecordedChanges())) {
      var requests = new ArrayList<String>();
      while (requests.size() < 5) {
        requests.add(api.takeRequest(TIMEOUT.toSeconds(), TimeUnit.SECONDS).getMethod());
      }
      assertThat(requests).containsExactly("GET", "POST", "PUT", "PUT", "PUT");

      client
          .leases()
          .inNamespace(NAMESPACE)
          .withName(LEASE)
          .edit(
              lease ->
                  new LeaseBuilder(lease).editSpec().withHolderIdentity("b").endSpec().build());

      until("a to read that b leads", () -> a.holder().equals(Optional.of("b")));
      assertThat(a.isLeader()).isFalse();
    }
  }

  @Test
  void electsOneOfManyThatStartTogether() throws Exception {
    var all = List.of("a", "b", "c", "d");
    var elected =
        all.stream()
            .map(me -> elect(me, api.getPort(), LeaderElectorTest::now, new RecordedChanges()))
            .toList();
    try {
      until("one to lead", () -> elected.stream().anyMatch(LeaderElector::isLeader));
      var deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      while (System.nanoTime() < deadline) {
        assertThat(elected.stream().filter(LeaderElector::isLeader).count()).isEqualTo(1);
        Thread.sleep(20);
      }
    } finally {
      elected.forEach(LeaderElector::close);
    }
  }

  @Test
  void leaderWithoutApiServerStepsDownBeforeAnotherTakesOver() throws Exception {
    var changes = new RecordedChanges();
    try (var proxy = new Proxy(api.getPort());
        var a = elect("a", proxy.port(), LeaderElectorTest::now, changes)) {
      until("a to lead", a::isLeader);
      try (var b = elect("b", api.getPort(), LeaderElectorTest::now, new RecordedChanges())) {
        proxy.cut();
        var cut = System.nanoTime();
        var both = false;
        while (!b.isLeader()) {
          both |= a.isLeader() && b.isLeader();
          assertThat(System.nanoTime() - cut).isLessThan(Duration.ofSeconds(30).toNanos());
          Thread.sleep(20);
        }

        assertThat(both).isFalse();
        assertThat(a.isLeader()).isFalse();
        assertThat(changes.failures).isNotEmpty();

        proxy.mend();
        Thread.sleep(3_000);
        assertThat(a.isLeader()).isFalse();
        assertThat(changes.leading).containsExactly(true, false);
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("b");
      }
    }
  }

  @Test
  void pausedProcessDoesNotLead() throws Exception {
    var clock = new Jumping();
    try (var a = elect("a", api.getPort(), clock, new RecordedChanges())) {
      until("a to lead", a::isLeader);

      clock.jump(Duration.ofSeconds(60));

      assertThat(a.isLeader()).isFalse();
      until("a to lead again, for nobody took over", a::isLeader);
    }
  }

  private static void stop(LeaderElector leadership) {
    leadership.close();
  }

  private Lease lease() {
    return client.leases().inNamespace(NAMESPACE).withName(LEASE).get();
  }

  private static LeaderElector elect(
      String me, int port, Supplier<ClockReading> clock, RecordedChanges changes) {
    return LeaderElector.start(
        Optional.of("http://127.0.0.1:" + port),
        NAMESPACE,
        LEASE,
        LeasePolicy.of(me),
        clock,
        changes);
  }

  private static Config reach(int port) {
    return new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:" + port).build();
  }

  private static ClockReading now() {
    return new ClockReading(Instant.now(), System.nanoTime());
  }

  private static void until(String what, BooleanSupplier good) throws InterruptedException {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!good.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for " + what).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static final class RecordedChanges implements LeaderElector.Listener {
    final List<Boolean> leading = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();

    @Override
    public void onChange(boolean leader) {
      leading.add(leader);
    }

    @Override
    public void onError(String reason) {
      failures.add(reason);
    }
  }

  private static final class Jumping implements Supplier<ClockReading> {
    private volatile Duration ahead = Duration.ZERO;

    void jump(Duration by) {
      ahead = ahead.plus(by);
    }

    @Override
    public ClockReading get() {
      var now = now();
      return new ClockReading(now.wall().plus(ahead), now.nanos() + ahead.toNanos());
    }
  }

  /** Carries bytes to the API until it is cut; then it accepts and sends nothing. */
  private static final class Proxy implements AutoCloseable {
    private final ServerSocket door;
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    Proxy(int to) throws IOException {
      this.to = to;
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      run(this::accept);
    }

    int port() {
      return door.getLocalPort();
    }

    void cut() throws IOException {
      cut = true;
      for (var socket : open) {
        socket.close();
      }
      open.clear();
    }

    void mend() throws IOException {
      for (var socket : open) {
        socket.close();
      }
      open.clear();
      cut = false;
    }

    @Override
    public void close() throws IOException {
      door.close();
      cut();
    }

    private void accept() throws IOException {
      while (true) {
        var client = door.accept();
        open.add(client);
        if (!cut) {
          var server = new Socket(InetAddress.getLoopbackAddress(), to);
          open.add(server);
          run(() -> carry(client, server));
          run(() -> carry(server, client));
        }
      }
    }

    private static void carry(Socket from, Socket to) throws IOException {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      }
    }

    private static void run(Carrying work) {
      var thread =
          new Thread(
              () -> {
                try {
                  work.go();
                } catch (IOException e) {
                  // The test cut the line.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private interface Carrying {
      void go() throws IOException;
    }
  }
}
