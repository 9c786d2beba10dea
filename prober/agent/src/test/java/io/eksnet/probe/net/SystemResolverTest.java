package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.HostNames;
import io.eksnet.model.Phase;
import io.eksnet.model.ResolvConf;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

@Timeout(60)
class SystemResolverTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Network network = Network.open();
  private HostNames names = names(List.of("127.0.0.1"), List.of(), 1);

  @AfterEach
  void close() {
    network.close();
  }

  private static HostNames names(List<String> servers, List<String> search, int ndots) {
    var hosts =
        Map.of(
            "printer", List.of(address("10.0.0.7"), address("fd00::7")),
            "six", List.of(address("fd00::6")));
    return new HostNames(new ResolvConf(servers, search, ndots), hosts);
  }

  private static InetAddress address(String literal) {
    return AddressLiteral.parse(literal).orElseThrow();
  }

  private List<String> resolve(LoopbackDns server, String host, Family family) {
    return resolve(server, host, family, TIMEOUT);
  }

  private List<String> resolve(LoopbackDns server, String host, Family family, Duration timeout) {
    var resolver = new SystemResolver(() -> names, server.port());
    Promise<List<InetAddress>> resolved = Promise.promise();
    Run.on(
        network,
        timeout,
        run -> {
          run.enter(Phase.RESOLVE);
          resolver
              .resolve(run, host, family)
              .onComplete(resolved)
              .onComplete(done -> run.succeed());
        });
    return resolved
        .future()
        .map(list -> list.stream().map(InetAddress::getHostAddress).toList())
        .await();
  }

  private void fails(LoopbackDns server, String host, Cause cause) {
    assertThatThrownBy(() -> resolve(server, host, Family.ANY, Duration.ofMillis(400)))
        .satisfies(
            error -> {
              var failure =
                  (ProbeFailure)
                      (error instanceof ProbeFailure
                          ? error
                          : java.util.Objects.requireNonNull(error.getCause()));
              assertThat(failure.reason()).as(failure.detail()).isEqualTo(cause);
              assertThat(failure.phase()).isEqualTo(Phase.RESOLVE);
              assertThat(failure.detail()).startsWith(host + " does not");
            });
  }

  private static List<String> asked(LoopbackDns server) {
    return server.received().stream()
        .map(m -> m.getQuestion().getName() + " " + Type.string(m.getQuestion().getType()))
        .toList();
  }

  @Test
  void resolvesLocalNamesWithoutQuery() {
    try (var server = LoopbackDns.silent()) {
      assertThat(resolve(server, "10.1.2.3", Family.ANY)).containsExactly("10.1.2.3");
      assertThat(resolve(server, "fd00::9", Family.IP6)).containsExactly("fd00:0:0:0:0:0:0:9");
      assertThat(resolve(server, "localhost", Family.ANY)).containsExactly("127.0.0.1");
      assertThat(resolve(server, "a.LOCALHOST.", Family.IP6)).containsExactly("0:0:0:0:0:0:0:1");
      assertThat(resolve(server, "Printer", Family.ANY)).containsExactly("10.0.0.7");
      assertThat(resolve(server, "printer", Family.IP6)).containsExactly("fd00:0:0:0:0:0:0:7");
      assertThat(resolve(server, "six", Family.ANY)).containsExactly("fd00:0:0:0:0:0:0:6");
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void keepsOrderOfAddresses() {
    try (var server =
        LoopbackDns.answering(
            "CNAME lb.example.", "lb.example. A 10.0.0.2", "lb.example. A 10.0.0.1")) {
      assertThat(resolve(server, "shop.example", Family.ANY))
          .containsExactly("10.0.0.2", "10.0.0.1");
      assertThat(asked(server)).containsExactly("shop.example. A");
    }
  }

  @Test
  void cachesNothing() {
    try (var server = LoopbackDns.answering("A 10.0.0.2")) {
      resolve(server, "shop.example", Family.ANY);
      resolve(server, "shop.example", Family.ANY);
      assertThat(server.received()).hasSize(2);
    }
  }

  @Test
  void queriesAaaaWhereThereIsNoA() {
    try (var server =
        LoopbackDns.that(
            query ->
                query.reply(
                    Rcode.NOERROR,
                    query.type() == Type.AAAA ? new String[] {"AAAA fd00::1"} : new String[0]))) {
      assertThat(resolve(server, "six.example", Family.ANY)).containsExactly("fd00:0:0:0:0:0:0:1");
      assertThat(asked(server)).containsExactly("six.example. A", "six.example. AAAA");
      assertThat(resolve(server, "six.example", Family.IP6)).containsExactly("fd00:0:0:0:0:0:0:1");
      assertThat(asked(server)).hasSize(3);
    }
  }

  @Test
  void triesSearchListInOrder() {
    names = names(List.of("127.0.0.1"), List.of("a.local", "b.local"), 5);
    try (var server =
        LoopbackDns.that(
            query -> {
              if (query.name().toString().equals("db.shop.b.local.")) {
                query.reply(Rcode.NOERROR, "A 10.0.0.5");
              } else {
                query.reply(Rcode.NXDOMAIN);
              }
            })) {
      assertThat(resolve(server, "db.shop", Family.ANY)).containsExactly("10.0.0.5");
      assertThat(asked(server)).containsExactly("db.shop.a.local. A", "db.shop.b.local. A");
    }
  }

  @Test
  void mapsFailuresToCauses() {
    for (var row :
        new Object[][] {
          {Rcode.NXDOMAIN, Cause.NXDOMAIN},
          {Rcode.NOERROR, Cause.NODATA},
          {Rcode.SERVFAIL, Cause.SERVFAIL},
          {Rcode.REFUSED, Cause.REFUSED_RCODE},
          {Rcode.NOTIMP, Cause.WRONG_ANSWER},
        }) {
      try (var server = LoopbackDns.that(query -> query.reply((int) row[0]))) {
        fails(server, "shop.example", (Cause) row[1]);
      }
    }
    try (var server = LoopbackDns.silent()) {
      fails(server, "shop.example", Cause.TIMEOUT);
      fails(server, "a..b", Cause.NXDOMAIN);
    }
    try (var server = LoopbackDns.silent()) {
      server.stop();
      fails(server, "shop.example", Cause.CONN_REFUSED);
      names = names(List.of(), List.of(), 1);
      fails(server, "shop.example", Cause.UNREACHABLE);
    }
  }

  @Test
  void prefersServerFailureOverNxdomain() {
    names = names(List.of("127.0.0.1"), List.of("a.local"), 5);
    try (var server =
        LoopbackDns.that(
            query ->
                query.reply(
                    query.name().toString().endsWith("a.local.")
                        ? Rcode.SERVFAIL
                        : Rcode.NXDOMAIN))) {
      fails(server, "shop.example", Cause.SERVFAIL);
    }
  }

  @Test
  void retriesLostQuery() {
    try (var server =
        LoopbackDns.that(
            query -> {
              if (query.number() > 1) {
                query.reply(Rcode.NOERROR, "A 10.0.0.1");
              }
            })) {
      assertThat(resolve(server, "shop.example", Family.ANY)).containsExactly("10.0.0.1");
      assertThat(server.received()).hasSize(2);
    }
  }

  @Test
  void queriesNextServerWhenOneRefuses() {
    names = names(List.of("127.0.0.2", "127.0.0.1"), List.of(), 1);
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      assertThat(resolve(server, "shop.example", Family.ANY)).containsExactly("10.0.0.1");
    }
  }

  @Test
  void repeatsTruncatedQueryOverTcp() {
    var all = IntStream.range(0, 100).mapToObj(i -> "A 10.0.0." + i).toArray(String[]::new);
    try (var server =
        LoopbackDns.that(
            query -> {
              if (query.tcp()) {
                query.reply(Rcode.NOERROR, all);
              } else {
                var cut = query.answer(Rcode.NOERROR);
                cut.getHeader().setFlag(Flags.TC);
                query.send(cut.toWire());
              }
            })) {
      assertThat(resolve(server, "shop.example", Family.ANY)).hasSize(100);
    }
  }

  @Test
  void usesChangedHostsFileAtOnce() {
    try (var server = LoopbackDns.that(query -> query.reply(Rcode.NXDOMAIN))) {
      fails(server, "shop.example", Cause.NXDOMAIN);
      names =
          new HostNames(names.resolvConf(), Map.of("shop.example", List.of(address("10.0.0.3"))));
      assertThat(resolve(server, "shop.example", Family.ANY)).containsExactly("10.0.0.3");
    }
  }
}
