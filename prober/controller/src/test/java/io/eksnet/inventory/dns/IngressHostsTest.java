package io.eksnet.inventory.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.inventory.SourceException;
import io.eksnet.lab.DnsFault;
import io.eksnet.lab.DnsServer;
import io.eksnet.lab.Zone;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IngressHostsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final String LB = "lb.elb.test";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void matchesHostsThatShareAnAddressWithTheLoadBalancer() throws Exception {
    try (var server = server()) {
      assertThat(read(server, ingress("right.test", "wrong.test", "missing.test")))
          .containsExactly(
              new IngressHost("shop", "web", "right.test", List.of("10.0.0.2", "10.0.0.3"), true),
              new IngressHost("shop", "web", "wrong.test", List.of("192.0.2.1"), false),
              new IngressHost("shop", "web", "missing.test", List.of(), false));
    }
  }

  @Test
  void skipsWildcardsAndIngressesWithoutAddress() throws Exception {
    try (var server = server()) {
      assertThat(read(server, ingress("*.shop.test", ""))).isEmpty();
    }
  }

  @Test
  void failsIfNoHostCanBeResolved() throws Exception {
    try (var server = server()) {
      server.fault(DnsFault.SERVFAIL);

      assertThatThrownBy(() -> read(server, ingress("right.test", "wrong.test")))
          .cause()
          .isInstanceOfSatisfying(
              SourceException.class,
              e -> assertThat(e.lack().reason()).isEqualTo(Unavailable.Reason.ERROR));
      assertThat(read(server, ingress())).isEmpty();
    }
  }

  @Test
  void skipsOnlyTheHostThatCannotBeResolved() throws Exception {
    try (var server = server();
        var failing = server();
        var relay = DnsRelay.to((name, nth) -> name.equals("wrong.test") ? failing : server)) {
      failing.fault(DnsFault.SERVFAIL);

      assertThat(read(relay.address(), ingress("wrong.test", "right.test")))
          .extracting(IngressHost::host)
          .containsExactly("right.test");
    }
  }

  @Test
  void resolvesAMismatchAgain() throws Exception {
    try (var first = server("alias.test. A 10.0.0.7");
        var second = server("alias.test. A 10.0.0.2");
        var rotating = DnsRelay.to((name, nth) -> nth == 1 ? first : second)) {
      assertThat(read(rotating.address(), ingress("alias.test", "wrong.test")))
          .containsExactly(
              new IngressHost("shop", "web", "alias.test", List.of("10.0.0.2", "10.0.0.7"), true),
              new IngressHost("shop", "web", "wrong.test", List.of("192.0.2.1"), false));
    }
  }

  @Test
  void skipsTruncatedAddressLists() throws Exception {
    try (var server = server(eight("big.test", "10.1.0."), eight("alias.test", "10.1.1."))) {
      assertThat(read(server, ingress("big.test", Map.of(), "alias.test", "wrong.test")))
          .extracting(IngressHost::host)
          .containsExactly("wrong.test");
    }
  }

  @Test
  void skipsIngressesAnnotatedAsElsewhere() throws Exception {
    try (var server = server()) {
      assertThat(read(server, ingress(LB, Map.of("eksnet.io/dns", "elsewhere"), "wrong.test")))
          .isEmpty();
      assertThat(read(server, ingress(LB, Map.of("eksnet.io/dns", "off"), "wrong.test")))
          .hasSize(1);
    }
  }

  /** external-dns: another target, and records that share a name. */
  @Test
  void skipsIngressesWhoseRecordsExternalDnsPointsElsewhere() throws Exception {
    try (var server = server()) {
      for (var key : List.of("target", "set-identifier")) {
        var annotations = Map.of("external-dns.alpha.kubernetes.io/" + key, "x");
        assertThat(read(server, ingress(LB, annotations, "wrong.test"))).as(key).isEmpty();
      }
      var ttl = Map.of("external-dns.alpha.kubernetes.io/ttl", "60");
      assertThat(read(server, ingress(LB, ttl, "wrong.test"))).hasSize(1);
    }
  }

  @Test
  void matchesHostsWithSeveralRecords() throws Exception {
    try (var ours = server("weighted.test. A 10.0.0.2");
        var theirs = server("weighted.test. A 192.0.2.7")) {
      var turn = new AtomicReference<>(ours);
      try (var relay = DnsRelay.to((name, nth) -> Objects.requireNonNull(turn.get()))) {
        var hosts = hosts(relay.address());
        var seen = new ArrayList<Boolean>();
        for (var server : List.of(ours, theirs, theirs, ours, theirs, theirs)) {
          turn.set(server);
          seen.add(await(hosts.read(knowing(ingress("weighted.test")))).get(0).matches());
        }
        assertThat(seen).containsExactly(true, false, false, true, true, true);
      }
    }
  }

  @Test
  void failsWithoutTheIngresses() throws Exception {
    try (var server = server()) {
      var failed = hosts(server.addresses().get(0)).read(Inventory.EMPTY).cause();

      assertThat(failed)
          .isInstanceOfSatisfying(
              SourceException.class,
              e -> assertThat(e.lack().reason()).isEqualTo(Unavailable.Reason.NOT_YET));
    }
  }

  private List<IngressHost> read(DnsServer server, KubeIngress ingress) throws Exception {
    return read(server.addresses().get(0), ingress);
  }

  private List<IngressHost> read(InetSocketAddress resolver, KubeIngress ingress) throws Exception {
    return await(hosts(resolver).read(knowing(ingress)));
  }

  private IngressHosts hosts(InetSocketAddress resolver) {
    return new IngressHosts(vertx, resolver, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static Inventory knowing(KubeIngress ingress) {
    return Inventory.EMPTY.with(
        Resources.INGRESSES, Snapshot.of(List.of(ingress), NOW, Duration.ofMinutes(1)));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  private static DnsServer server(String... records) {
    return DnsServer.start(
        Zone.of(
            String.join("\n", records)
                + """

            lb.elb.test. A 10.0.0.1
            lb.elb.test. A 10.0.0.2
            right.test. A 10.0.0.2
            right.test. A 10.0.0.3
            wrong.test. A 192.0.2.1
            """));
  }

  private static String eight(String name, String network) {
    return IntStream.rangeClosed(1, 8)
        .mapToObj(i -> name + ". A " + network + i)
        .collect(Collectors.joining("\n"));
  }

  private static KubeIngress ingress(String... hosts) {
    return ingress(LB, Map.of(), hosts);
  }

  private static KubeIngress ingress(
      String address, Map<String, String> annotations, String... hosts) {
    return new KubeIngress(
        "shop",
        "web",
        "alb",
        "",
        Scheme.INTERNET_FACING,
        Stream.of(hosts).map(host -> new IngressRule(host, "/", "web", "80")).toList(),
        false,
        List.of(address),
        annotations,
        Optional.empty(),
        NOW);
  }
}
