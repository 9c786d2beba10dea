package io.eksnet.lab.alb;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.Awaiting;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.TestClusters;
import io.eksnet.lab.world.ClusterLab;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadBalancerServersTest {
  private static final String FRONT = TestClusters.FRONTEND_TARGETS;
  private static final String LB = TestClusters.STOREFRONT;

  private static final int CLIENTS = 4;

  private final ClusterLab lab = ClusterLab.start(100);

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void healthyTargetsAreServedAtEveryAddressByHostAndPath() throws Exception {
    Awaiting.becomes(this::health, Map.of("healthy", 3L));
    for (var place : lab.state().get(LoadBalancer.class, LB).places()) {
      assertThat(get(place.address(), "shop.example.com", "/ok")).startsWith("HTTP/1.1 200 ");
    }
    assertThat(get(address(), "shop.example.com", "/echo")).contains("x-forwarded-for");
    assertThat(get(address(), "other.example.com", "/ok"))
        .startsWith("HTTP/1.1 404 ")
        .contains("awselb/2.0");
  }

  @Test
  void aWrongAnswerIsACodeMismatchAndItsTargetGetsNoMore() throws Exception {
    Awaiting.becomes(this::health, Map.of("healthy", 3L));

    change("frontend-6b7c8d9f4-0", "not_found");

    Awaiting.becomes(
        this::health,
        Map.of(
            "healthy",
            2L,
            "unhealthy Target.ResponseCodeMismatch Health checks failed with these codes: [404]",
            1L));
    for (int i = 0; i < 6; i++) {
      assertThat(get(address(), "shop.example.com", "/ok")).startsWith("HTTP/1.1 200 ");
    }
    change("frontend-6b7c8d9f4-0", "none");
    Awaiting.becomes(this::health, Map.of("healthy", 3L));
  }

  @Test
  void aClosedPortFailsChecksAndASilentOneTimesOut() throws Exception {
    Awaiting.becomes(this::health, Map.of("healthy", 3L));

    change("frontend-6b7c8d9f4-0", "refuse");
    change("frontend-6b7c8d9f4-1", "stall");

    Awaiting.becomes(
        this::health,
        Map.of(
            "healthy",
            1L,
            "unhealthy Target.FailedHealthChecks Health checks failed",
            1L,
            "unhealthy Target.Timeout Request timed out",
            1L));
  }

  @Test
  void whenAllAreUnhealthyAllAreServed() throws Exception {
    Awaiting.becomes(this::health, Map.of("healthy", 3L));

    lab.change(
        "{set: TargetGroup, where: {name: k8s-shop-frontend-0f1e2d3c4b},"
            + " to: {healthCheck: {path: /status/500}}}");

    Awaiting.becomes(
        this::health,
        Map.of(
            "unhealthy Target.ResponseCodeMismatch Health checks failed with these codes: [500]",
            3L));
    assertThat(get(address(), "shop.example.com", "/ok")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aMissingRuleTimesOutForChecksAndForUsers() throws Exception {
    Awaiting.becomes(this::health, Map.of("healthy", 3L));

    lab.change(
        "{set: SecurityGroup, where: {name: lab-node}, drop: {rules: {peer: %s}}}"
            .formatted(TestClusters.BACKEND_GROUP));

    Awaiting.becomes(this::health, Map.of("unhealthy Target.Timeout Request timed out", 3L));
    assertThat(get(address(), "shop.example.com", "/ok"))
        .startsWith("HTTP/1.1 504 ")
        .contains("awselb/2.0");
  }

  @Test
  void noTargetsAre503AndABrokenOneIs502() throws Exception {
    Awaiting.becomes(this::health, Map.of("healthy", 3L));
    assertThat(get(address(), "shop.example.com", "/reset"))
        .startsWith("HTTP/1.1 502 ")
        .contains("awselb/2.0");

    lab.change(
        "{set: TargetGroup, where: {name: k8s-shop-frontend-0f1e2d3c4b}, to: {targets: []}}");

    Awaiting.becomes(
        this::health,
        Map.of(
            "draining Target.DeregistrationInProgress Target deregistration is in progress", 3L));
    assertThat(get(address(), "shop.example.com", "/ok"))
        .startsWith("HTTP/1.1 503 ")
        .contains("awselb/2.0");
    Awaiting.becomes(this::health, Map.of());
  }

  @Test
  void noRequestFailsWhileATargetIsDeregisteredAndItsPodEnds() throws Exception {
    lab.change("{set: Pod, to: {program: {delayMillis: 20}}}");
    var before = lab.state();
    var key = "shop/frontend-6b7c8d9f4-0";
    var gone = before.get(Pod.class, key).ip();

    for (var round = 0; round < 5; round++) {
      Awaiting.becomes(this::health, Map.of("healthy", 3L));

      assertThat(
              statusesDuring(
                  () ->
                      lab.change(
                          """
                          - set: TargetGroup
                            where: {name: k8s-shop-frontend-0f1e2d3c4b}
                            drop: {targets: {id: %s}}
                          - {remove: Pod, where: {name: frontend-6b7c8d9f4-0}}
                          """
                              .formatted(gone)),
                  () -> get(address(), "shop.example.com", "/ok")))
          .containsExactly("HTTP/1.1 200 OK");
      lab.change(state -> before);
    }
  }

  @Test
  void groupWithoutUsersIsUnused() throws Exception {
    lab.change(
        "{set: LoadBalancer, where: {name: k8s-shop-storefro-5a6b7c8d9e}, to: {listeners: []}}");

    Awaiting.becomes(
        this::health,
        Map.of(
            "unused Target.NotInUse Target group is not configured to receive traffic from the"
                + " load balancer",
            3L));
  }

  @Test
  void aHealthCheckPortNeedsARuleOfItsOwn() throws Exception {
    lab.change(
        "{set: TargetGroup, where: {name: k8s-shop-frontend-0f1e2d3c4b},"
            + " to: {healthCheck: {port: 1}}}");

    Awaiting.becomes(this::health, Map.of("unhealthy Target.Timeout Request timed out", 3L));
    assertThat(lab.health(FRONT)).allMatch(health -> health.healthCheckPort() == 1);
  }

  @Test
  void checksComeAsAnElbSendsThem() throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      server.setSoTimeout(20_000);
      lab.change(
          """
          set: TargetGroup
          where: {name: k8s-shop-frontend-0f1e2d3c4b}
          to: {targets: [{id: 127.0.0.1, port: %d, zone: eu-west-1a}]}
          """
              .formatted(server.getLocalPort()));

      try (var socket = server.accept()) {
        socket.setSoTimeout(20_000);
        var reader =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        var lines = new ArrayList<String>();
        for (var line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
          lines.add(line.toLowerCase(Locale.ROOT));
        }
        assertThat(lines)
            .contains(
                "get /ok http/1.1",
                "host: 127.0.0.1:" + server.getLocalPort(),
                "user-agent: elb-healthchecker/2.0");
      }
    }
  }

  /** The status lines that clients get from shortly before until shortly after a change. */
  private static Set<String> statusesDuring(Runnable change, Callable<String> request)
      throws Exception {
    var statuses = new ConcurrentLinkedQueue<String>();
    var over = new AtomicBoolean();
    var clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      var running = new ArrayList<Future<?>>();
      for (var i = 0; i < CLIENTS; i++) {
        running.add(
            clients.submit(
                () -> {
                  while (!over.get()) {
                    statuses.add(request.call().lines().findFirst().orElse("no response"));
                  }
                  return null;
                }));
      }
      awaitMore(statuses);
      change.run();
      awaitMore(statuses);
      over.set(true);
      for (var client : running) {
        client.get();
      }
      return new TreeSet<>(statuses);
    } finally {
      over.set(true);
      clients.shutdown();
    }
  }

  private static void awaitMore(Collection<String> statuses) throws Exception {
    var before = statuses.size();
    Awaiting.becomes(() -> statuses.size() >= before + 20, true);
  }

  private Map<String, Long> health() {
    return lab.health(FRONT).stream()
        .map(one -> (one.state() + " " + one.reason() + " " + one.description()).strip())
        .collect(Collectors.groupingBy(words -> words, TreeMap::new, Collectors.counting()));
  }

  private void change(String pod, String fault) {
    lab.change("{set: Pod, where: {name: %s}, to: {program: {fault: %s}}}".formatted(pod, fault));
  }

  private String address() {
    return lab.state().get(LoadBalancer.class, LB).places().get(0).address();
  }

  /** The whole answer, in lower case but for its first line. */
  private String get(String address, String host, String path) throws IOException {
    try (var socket = new Socket(address, lab.network().lb())) {
      socket.setSoTimeout(20_000);
      var request =
          "GET %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n"
              .formatted(path, host, lab.network().lb());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
