package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers as the operating system sees them: killed, paused, ended. */
@Timeout(240)
class ElectionTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration TAKEOVER = Duration.ofSeconds(30);

  @TempDir Path directory;

  private KubernetesMockServer api;

  @BeforeEach
  void startTheApi() {
    var responses = new HashMap<ServerRequest, Queue<ServerResponse>>();
    api =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            responses,
            new KubernetesMixedDispatcher(responses),
            false);
    api.init(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stopTheApi() {
    api.destroy();
  }

  @Test
  void whenTheLeaderIsKilledTheOtherLeadsInLessThanThirtySeconds() throws Exception {
    try (var a = Replica.start(this, "a")) {
      a.awaitLeading();
      try (var b = Replica.start(this, "b")) {
        assertThat(b.leading()).isZero();

        a.child.signal("KILL");

        b.awaitLeading();
      }
    }
  }

  @Test
  void aLeaderThatWasPausedAndWakesUpLateDoesNotLead() throws Exception {
    try (var a = Replica.start(this, "a");
        var b = Replica.start(this, "b")) {
      Await.until("one to lead", TAKEOVER, () -> a.leading() + b.leading(), sum -> sum == 1);
      var aLeads = a.leading() == 1;
      var leader = aLeads ? a : b;
      var other = aLeads ? b : a;

      leader.child.signal("STOP");
      other.awaitLeading();
      leader.child.signal("CONT");

      for (var look = 0; look < 40; look++) {
        assertThat(leader.leading()).isZero();
        assertThat(other.leading()).isEqualTo(1);
      }
    }
  }

  @Test
  void aLeaderThatIsEndedGivesItsPlaceAwayAtOnce() throws Exception {
    try (var a = Replica.start(this, "a")) {
      a.awaitLeading();
      try (var b = Replica.start(this, "b")) {
        a.child.signal("TERM");
        assertThat(a.child.exit()).isEqualTo(143);

        Await.until("b to lead", Duration.ofSeconds(10), b::leading, leads -> leads == 1);
      }
    }
  }

  private record Replica(ChildProgram child, String address) implements AutoCloseable {
    static Replica start(ElectionTest test, String name) throws Exception {
      var home = Files.createDirectories(test.directory.resolve(name));
      var config = Files.writeString(home.resolve("eksnet.yaml"), "cluster: demo\n");
      var address = ChildProgram.freeAddress();
      var environment =
          Map.of(
              "KUBERNETES_MASTER",
              "http://127.0.0.1:" + test.api.getPort(),
              "KUBECONFIG",
              home.resolve("none").toString(),
              "HOME",
              home.toString(),
              "POD_NAME",
              name,
              "POD_NAMESPACE",
              "eksnet");
      var child =
          ChildProgram.start(
              home,
              environment,
              "controller",
              "--config.file=" + config,
              "--web.listen-address=" + address);
      child.await(HTTP, URI.create("http://" + address + "/-/ready"));
      return new Replica(child, address);
    }

    double leading() throws Exception {
      var page = ChildProgram.get(HTTP, URI.create("http://" + address + "/metrics")).body();
      var leader = ExpositionSamples.parse(page).of("eksnet_leader", Map.of());
      assertThat(leader).hasSize(1);
      return List.copyOf(leader).get(0).value();
    }

    void awaitLeading() throws Exception {
      Await.until(this + " to lead", TAKEOVER, this::leading, leads -> leads == 1);
    }

    @Override
    public void close() {
      child.close();
    }
  }
}
