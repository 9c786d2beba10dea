package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.ExpectBlocked;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.net.LocalFailure;
import io.eksnet.probe.net.LoopbackDns;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.Resolver;
import io.eksnet.probe.net.YamlSettings;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;

/** Every cause that a name server can give, on epoll and on NIO sockets. */
@ParameterizedClass(name = "epoll {0}")
@ValueSource(booleans = {true, false})
@Timeout(60)
class DnsProbeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofMillis(150);

  @Parameter boolean epoll;

  private Network network;

  @BeforeEach
  void open() {
    network = Network.open(epoll, Resolver.NONE);
    assertThat(((IoEventLoop) network.loop()).isIoType(EpollIoHandler.class)).isEqualTo(epoll);
  }

  @AfterEach
  void close() {
    network.close();
  }

  private final DnsSettings ask = DnsSettings.of("shop.example.com", "A");

  private Outcome run(LoopbackDns server, DnsSettings settings) {
    return run(settings, target(server.port()), TIMEOUT);
  }

  private static Target target(int port) {
    return Target.of("server", "127.0.0.1", port);
  }

  private Outcome run(DnsSettings settings, Target target, Duration timeout) {
    try (var probe = new DnsKind().create(settings, network)) {
      return probe.run(target, timeout).await();
    }
  }

  private static DnsSettings waiting(DnsSettings s, int tries, Duration tryTimeout) {
    return new DnsSettings(
        s.query(),
        s.type(),
        s.queryClass(),
        s.proto(),
        s.recursionDesired(),
        s.edns(),
        tries,
        tryTimeout,
        s.tcpOnTruncation(),
        s.family(),
        s.network(),
        s.expect());
  }

  private static Outcome.Failure failure(Outcome outcome, Phase phase, Cause cause) {
    assertThat(outcome).isInstanceOf(Outcome.Failure.class);
    var failure = (Outcome.Failure) outcome;
    assertThat(failure.cause()).as(failure.detail()).isEqualTo(cause);
    assertThat(failure.phase()).isEqualTo(phase);
    return failure;
  }

  private static Outcome.Success success(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Success.class);
    return (Outcome.Success) outcome;
  }

  private static List<String> attributes(Outcome outcome, String what) {
    return outcome.notes().stream()
        .filter(n -> n instanceof Note.Attribute a && a.what().equals(what))
        .map(n -> ((Note.Attribute) n).value())
        .toList();
  }

  @Test
  void succeedsOnRecord() {
    try (var server = LoopbackDns.answering("A 10.0.0.1", "A 10.0.0.2")) {
      var outcome = success(run(server, ask));
      assertThat(outcome.timings().nanos(Phase.PROCESSING)).isPositive();
      assertThat(outcome.timings().nanos(Phase.CONNECT)).isEqualTo(-1);
      assertThat(outcome.timings().nanos(Phase.RESOLVE)).isEqualTo(-1);
      assertThat(outcome.timings().totalNanos())
          .isEqualTo(outcome.timings().nanos(Phase.PROCESSING));
      assertThat(attributes(outcome, "answer"))
          .containsExactly("NOERROR [qr ra] 2 records: A 10.0.0.1, A 10.0.0.2");
      assertThat(attributes(outcome, "question")).containsExactly("shop.example.com. A");
      assertThat(outcome.notes()).noneMatch(Note.Retried.class::isInstance);
    }
  }

  @Test
  void queriesAbsoluteNamesWithEdnsAndRecursion() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      run(server, ask);
      var query = server.received().get(0);
      assertThat(query.getQuestion().getName()).hasToString("shop.example.com.");
      assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
      assertThat(query.getHeader().getFlag(Flags.RD)).isTrue();
    }
  }

  @Test
  void omitsRecursionDesired() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      var settings =
          YamlSettings.of(DnsSettings.class, "{query: a.example, recursion_desired: false}");
      success(run(server, waiting(settings, 1, TIMEOUT)));
      assertThat(server.received().get(0).getHeader().getFlag(Flags.RD)).isFalse();
    }
  }

  @Test
  void usesNewIdAndPortPerQuery() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      for (var i = 0; i < 20; i++) {
        success(run(server, ask));
      }
      assertThat(server.ports()).hasSizeGreaterThan(10);
      assertThat(server.received().stream().map(m -> m.getHeader().getID()).distinct())
          .hasSizeGreaterThan(18);
    }
  }

  @Test
  void timesConnectOverTcp() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      var timings = success(run(server, ask.overTcp())).timings();
      assertThat(timings.nanos(Phase.CONNECT)).isPositive();
      assertThat(timings.nanos(Phase.PROCESSING)).isPositive();
      assertThat(timings.totalNanos())
          .isEqualTo(timings.nanos(Phase.CONNECT) + timings.nanos(Phase.PROCESSING));
    }
  }

  @Test
  void reportsClosedPortAsRefusedWithoutRetry() {
    int port;
    try (var server = LoopbackDns.silent()) {
      port = server.port();
    }
    var udp = failure(run(ask, target(port), TIMEOUT), Phase.PROCESSING, Cause.CONN_REFUSED);
    assertThat(udp.timings().totalNanos()).isLessThan(TimeUnit.SECONDS.toNanos(1));
    assertThat(attributes(udp, "asked")).hasSize(1);
    assertThat(ExpectBlocked.of(udp).succeeded()).isTrue();
    var tcp = failure(run(ask.overTcp(), target(port), TIMEOUT), Phase.CONNECT, Cause.CONN_REFUSED);
    assertThat(ExpectBlocked.of(tcp).succeeded()).isTrue();
  }

  @Test
  void timesOutAfterAllTries() {
    try (var server = LoopbackDns.silent()) {
      var outcome = failure(run(server, waiting(ask, 3, SHORT)), Phase.PROCESSING, Cause.TIMEOUT);
      assertThat(attributes(outcome, "asked")).hasSize(3);
      assertThat(outcome.timings().totalNanos()).isBetween(450_000_000L, 2_000_000_000L);
      assertThat(outcome.timings().nanos(Phase.PROCESSING)).isEqualTo(-1);
      assertThat(outcome.notes()).noneMatch(Note.Retried.class::isInstance);
    }
  }

  @Test
  void boundsTriesByTheTimeout() {
    try (var server = LoopbackDns.silent()) {
      var outcome =
          failure(
              run(waiting(ask, 5, TIMEOUT), target(server.port()), SHORT),
              Phase.PROCESSING,
              Cause.TIMEOUT);
      assertThat(outcome.timings().totalNanos()).isBetween(150_000_000L, 1_500_000_000L);
      assertThat(attributes(outcome, "asked")).hasSize(1);
    }
  }

  @Test
  void countsRetriedQueryAsSuccessWithItsWait() {
    try (var server =
        LoopbackDns.that(
            query -> {
              if (query.number() > 1) {
                query.reply(Rcode.NOERROR, "A 10.0.0.1");
              }
            })) {
      var outcome = success(run(server, waiting(ask, 2, SHORT)));
      assertThat(outcome.notes()).contains(new Note.Retried());
      assertThat(outcome.timings().totalNanos()).isGreaterThan(150_000_000L);
      assertThat(outcome.timings().nanos(Phase.PROCESSING)).isGreaterThan(150_000_000L);
      assertThat(server.ports()).hasSize(2);
    }
  }

  @Test
  void ignoresResponsesToEarlierTries() {
    var first = new LoopbackDns.Query[1];
    try (var server =
        LoopbackDns.that(
            query -> {
              if (query.number() == 1) {
                first[0] = query;
              } else {
                first[0].reply(Rcode.NOERROR, "A 10.9.9.9");
                query.reply(Rcode.NOERROR, "A 10.0.0.1");
              }
            })) {
      var outcome = success(run(server, waiting(ask, 2, SHORT)));
      assertThat(outcome.notes()).contains(new Note.Retried());
      assertThat(attributes(outcome, "answer"))
          .containsExactly("NOERROR [qr ra] 1 record: A 10.0.0.1");
    }
  }

  @Test
  void ignoresResponsesWithAnotherId() {
    try (var server =
        LoopbackDns.that(
            query -> {
              var spoofed = query.answer(Rcode.NOERROR, "A 10.6.6.6");
              spoofed.getHeader().setID(query.message().getHeader().getID() ^ 1);
              query.send(spoofed.toWire());
              query.reply(Rcode.NOERROR, "A 10.0.0.1");
            })) {
      for (var settings : List.of(ask, ask.overTcp())) {
        var outcome = success(run(server, settings));
        assertThat(attributes(outcome, "ignored")).containsExactly("a response with another ID");
        assertThat(attributes(outcome, "answer"))
            .containsExactly("NOERROR [qr ra] 1 record: A 10.0.0.1");
      }
    }
  }

  @Test
  void reportsForeignResponsesAsWrongAnswer() {
    try (var server =
        LoopbackDns.that(
            query -> {
              var other = query.answer(Rcode.NOERROR, "A 10.6.6.6");
              other.removeAllRecords(0);
              other.addRecord(
                  org.xbill.DNS.Record.newRecord(
                      org.xbill.DNS.Name.fromString("other.example."), 1, 1),
                  0);
              query.send(other.toWire());
            })) {
      var outcome =
          failure(run(server, waiting(ask, 2, SHORT)), Phase.PROCESSING, Cause.WRONG_ANSWER);
      assertThat(outcome.detail()).contains("another question");
    }
  }

  @Test
  void ignoresEchoedQueries() {
    try (var server = LoopbackDns.that(query -> query.send(query.message().toWire()))) {
      var outcome =
          failure(run(server, waiting(ask, 2, SHORT)), Phase.PROCESSING, Cause.WRONG_ANSWER);
      assertThat(outcome.detail()).contains("not a response");
    }
  }

  @Test
  void ignoresResponsesFromOtherAddresses() {
    try (var server =
        LoopbackDns.that(
            query -> query.sendFromElsewhere(query.answer(Rcode.NOERROR, "A 10.6.6.6").toWire()))) {
      failure(run(server, waiting(ask, 1, SHORT)), Phase.PROCESSING, Cause.TIMEOUT);
    }
  }

  @Test
  void reportsUnparsableResponseAsWrongAnswer() {
    try (var server =
        LoopbackDns.that(
            query -> query.send(Arrays.copyOf(query.answer(0, "A 10.0.0.1").toWire(), 40)))) {
      for (var settings : List.of(ask, ask.overTcp())) {
        var outcome = failure(run(server, settings), Phase.PROCESSING, Cause.WRONG_ANSWER);
        assertThat(outcome.detail()).contains("cannot be parsed");
      }
    }
  }

  @Test
  void reportsCompressionLoopAsWrongAnswer() {
    try (var server =
        LoopbackDns.that(
            query -> {
              var wire = query.answer(Rcode.NOERROR).toWire();
              wire[12] = (byte) 0xc0;
              wire[13] = 12;
              query.send(wire);
            })) {
      failure(run(server, ask), Phase.PROCESSING, Cause.WRONG_ANSWER);
    }
  }

  @Test
  void reportsMissingRecordsAsWrongAnswer() {
    try (var server =
        LoopbackDns.that(
            query -> {
              var wire = query.answer(Rcode.NOERROR).toWire();
              Arrays.fill(wire, 6, 12, (byte) 0xff);
              query.send(wire);
            })) {
      failure(run(server, ask), Phase.PROCESSING, Cause.WRONG_ANSWER);
    }
  }

  @Test
  void endsEndlessStreamAtTheTimeout() {
    try (var server =
        LoopbackDns.that(
            query -> {
              for (; ; ) {
                query.send(new byte[65_535]);
              }
            })) {
      var outcome =
          failure(
              run(ask.overTcp(), target(server.port()), Duration.ofMillis(500)),
              Phase.PROCESSING,
              Cause.WRONG_ANSWER);
      assertThat(outcome.timings().totalNanos()).isLessThan(5_000_000_000L);
      assertThat(attributes(outcome, "ignored")).hasSize(3);
    }
  }

  @Test
  void reportsEarlyCloseAsReset() {
    try (var server = LoopbackDns.that(query -> query.sendRaw(new byte[] {0, 50, 1, 2}))) {
      var outcome = failure(run(server, ask.overTcp()), Phase.PROCESSING, Cause.RESET);
      assertThat(outcome.timings().nanos(Phase.CONNECT)).isPositive();
      assertThat(ExpectBlocked.of(outcome).label()).isEqualTo("wrong_answer");
    }
  }

  @Test
  void reportsSilentConnectionAsTimeoutInProcessing() throws Exception {
    var done = new CountDownLatch(1);
    try (var server = LoopbackDns.that(query -> done.await())) {
      var outcome =
          failure(
              run(ask.overTcp(), target(server.port()), SHORT), Phase.PROCESSING, Cause.TIMEOUT);
      assertThat(ExpectBlocked.of(outcome).label()).isEqualTo("wrong_answer");
    } finally {
      done.countDown();
    }
  }

  @Test
  void reportsMissingRouteAsUnreachable() {
    // 255.255.255.255 may not be sent to without SO_BROADCAST (EACCES, ip(7)).
    var broadcast = Target.of("server", "255.255.255.255", 53);
    failure(run(ask, broadcast, TIMEOUT), Phase.PROCESSING, Cause.UNREACHABLE);
    failure(run(ask.overTcp(), broadcast, TIMEOUT), Phase.CONNECT, Cause.UNREACHABLE);
  }

  @Test
  void mapsResponseCodesToCauses() {
    var causes =
        new Object[][] {
          {Rcode.NXDOMAIN, Cause.NXDOMAIN},
          {Rcode.SERVFAIL, Cause.SERVFAIL},
          {Rcode.REFUSED, Cause.REFUSED_RCODE},
          {Rcode.FORMERR, Cause.WRONG_ANSWER},
          {Rcode.NOTIMP, Cause.WRONG_ANSWER},
        };
    for (var row : causes) {
      try (var server = LoopbackDns.that(query -> query.reply((int) row[0]))) {
        var outcome = failure(run(server, ask), Phase.PROCESSING, (Cause) row[1]);
        assertThat(outcome.detail()).contains(Rcode.string((int) row[0]), "expected NOERROR");
        assertThat(outcome.timings().nanos(Phase.PROCESSING)).isPositive();
      }
    }
  }

  @Test
  void acceptsErrorsWithoutQuestion() {
    try (var server =
        LoopbackDns.that(
            query -> {
              var answer = query.answer(Rcode.FORMERR);
              answer.removeAllRecords(0);
              query.send(answer.toWire());
            })) {
      var outcome = failure(run(server, ask), Phase.PROCESSING, Cause.WRONG_ANSWER);
      assertThat(outcome.detail()).contains("FORMERR");
    }
  }

  @Test
  void succeedsOnExpectedResponseCode() {
    try (var server = LoopbackDns.that(query -> query.reply(Rcode.NXDOMAIN))) {
      success(run(server, ask.expectingNoSuchName()));
    }
  }

  @Test
  void reportsUnexpectedNameAsWrongAnswer() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      var outcome =
          failure(run(server, ask.expectingNoSuchName()), Phase.PROCESSING, Cause.WRONG_ANSWER);
      assertThat(outcome.detail()).isEqualTo("answered NOERROR, expected NXDOMAIN");
    }
  }

  @Test
  void reportsMissingTypeAsNodataUnlessAllowed() {
    try (var server = LoopbackDns.answering("TXT hello")) {
      failure(run(server, ask), Phase.PROCESSING, Cause.NODATA);
      success(run(server, ask.expecting(DnsExpect.of("NOERROR", 0))));
    }
  }

  @Test
  void reportsTooFewRecordsAsWrongAnswer() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      failure(
          run(server, ask.expecting(DnsExpect.of("NOERROR", 2))),
          Phase.PROCESSING,
          Cause.WRONG_ANSWER);
    }
  }

  @Test
  void followsAliasesWithinTheResponse() {
    try (var server =
        LoopbackDns.answering(
            "CNAME lb.example.net.", "lb.example.net. CNAME z.example.", "z.example. A 10.0.0.1")) {
      success(run(server, ask));
    }
  }

  @Test
  void reportsRecordsOfAnotherNameAsWrongAnswer() {
    try (var server = LoopbackDns.answering("other.example. A 10.0.0.1")) {
      failure(run(server, ask), Phase.PROCESSING, Cause.WRONG_ANSWER);
    }
  }

  @Test
  void checksAnswers() {
    try (var server = LoopbackDns.answering("A 10.0.0.1", "A 10.0.0.2")) {
      success(run(server, ask.expecting(expect(List.of("^10\\.0\\.0\\.2$"), List.of()))));
      success(run(server, ask.expecting(expect(List.of(), List.of("^10\\.")))));
      var missing =
          failure(
              run(server, ask.expecting(expect(List.of("^192\\."), List.of()))),
              Phase.PROCESSING,
              Cause.WRONG_ANSWER);
      assertThat(missing.detail()).isEqualTo("no record matches \"^192\\.\": 10.0.0.1, 10.0.0.2");
      var strange =
          failure(
              run(server, ask.expecting(expect(List.of(), List.of("1$")))),
              Phase.PROCESSING,
              Cause.WRONG_ANSWER);
      assertThat(strange.detail()).isEqualTo("not allowed: 10.0.0.2");
    }
  }

  private static DnsExpect expect(List<String> answers, List<String> only) {
    return YamlSettings.of(
        DnsExpect.class, "{answers: %s, only: %s}".formatted(quoted(answers), quoted(only)));
  }

  private static String quoted(List<String> patterns) {
    return patterns.stream().map(p -> "'" + p + "'").toList().toString();
  }

  private static LoopbackDns.Behaviour cutOverUdp(LoopbackDns.Behaviour overTcp) {
    return query -> {
      if (query.tcp()) {
        overTcp.answer(query);
      } else {
        var cut = query.answer(Rcode.NOERROR);
        cut.getHeader().setFlag(Flags.TC);
        query.send(cut.toWire());
      }
    };
  }

  @Test
  void repeatsTruncatedQueryOverTcp() {
    var records = IntStream.range(0, 250).mapToObj(i -> "A 10.0.0." + i).toArray(String[]::new);
    try (var server = LoopbackDns.that(cutOverUdp(q -> q.reply(Rcode.NOERROR, records)))) {
      var outcome = success(run(server, ask));
      assertThat(outcome.notes()).contains(new Note.Truncated());
      assertThat(outcome.timings().nanos(Phase.CONNECT)).isPositive();
      assertThat(attributes(outcome, "answer").get(0))
          .startsWith("NOERROR [qr ra] 250 records: A 10.0.0.0");
    }
  }

  @Test
  void reportsTruncationWhenTcpFails() {
    try (var server = LoopbackDns.that(cutOverUdp(q -> {})).withoutTcp()) {
      var refused = failure(run(server, ask), Phase.CONNECT, Cause.TRUNCATED);
      assertThat(refused.detail()).contains("truncated over UDP; conn_refused");
      assertThat(refused.notes()).contains(new Note.Truncated());
      assertThat(ExpectBlocked.of(refused).label()).isEqualTo("wrong_answer");
    }
    try (var server = LoopbackDns.that(cutOverUdp(q -> {}))) {
      var reset = failure(run(server, ask), Phase.PROCESSING, Cause.TRUNCATED);
      assertThat(reset.detail()).contains("truncated over UDP; reset");
    }
  }

  @Test
  void failsOnTruncationWithoutTcpOnTruncation() {
    try (var server = LoopbackDns.that(cutOverUdp(q -> q.reply(Rcode.NOERROR, "A 10.0.0.1")))) {
      var settings =
          YamlSettings.of(DnsSettings.class, "{query: a.example, tcp_on_truncation: false}");
      failure(run(server, waiting(settings, 1, TIMEOUT)), Phase.PROCESSING, Cause.TRUNCATED);
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void queriesAnotherRandomNameInEachRun() {
    try (var server = LoopbackDns.that(query -> query.reply(Rcode.NXDOMAIN))) {
      var settings = DnsSettings.of("eksnet-{random}.cluster.local", "A").expectingNoSuchName();
      for (var i = 0; i < 20; i++) {
        success(run(server, settings));
      }
      var names =
          server.received().stream().map(m -> m.getQuestion().getName().toString()).toList();
      assertThat(names).doesNotHaveDuplicates().hasSize(20);
      assertThat(names).allMatch(n -> n.matches("eksnet-[a-z]{12}\\.cluster\\.local\\."));
    }
  }

  @Test
  void queriesReverseNameOfAddress() {
    try (var server = LoopbackDns.answering("PTR node.example.")) {
      success(run(server, DnsSettings.of("10.0.0.1", "PTR")));
      assertThat(server.received().get(0).getQuestion().getName())
          .hasToString("1.0.0.10.in-addr.arpa.");
    }
  }

  private Outcome runByName(Resolver resolver, int port) {
    var named = Network.on(network.loop(), resolver);
    return new DnsKind()
        .create(ask, named)
        .run(Target.of("ns", "ns.example", port), TIMEOUT)
        .await();
  }

  @Test
  void resolvesServerNamesInResolvePhase() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      var outcome =
          success(
              runByName(
                  (run, host, family) ->
                      Future.succeededFuture(List.of(InetAddress.getLoopbackAddress())),
                  server.port()));
      assertThat(outcome.timings().nanos(Phase.RESOLVE)).isNotNegative();
    }
  }

  @Test
  void reportsUnresolvableServerInResolve() {
    failure(
        runByName(
            (run, host, family) ->
                Future.failedFuture(
                    new ProbeFailure(Phase.RESOLVE, Cause.NXDOMAIN, host + " does not exist")),
            53),
        Phase.RESOLVE,
        Cause.NXDOMAIN);
  }

  @Test
  void doesNotBlameServerForLocalFailures() {
    assertThat(
            runByName(
                (run, host, family) ->
                    Future.failedFuture(new LocalFailure("EMFILE", "Too many open files")),
                53))
        .isEqualTo(new Outcome.NotRun(Outcome.Reason.PROBER, "Too many open files", 1));
  }

  @Test
  void boundsHostileText() {
    var text = "\"" + "<b>\\\"x\\\\ ".repeat(20) + "\"";
    try (var server = LoopbackDns.answering("TXT " + text)) {
      var outcome = success(run(server, DnsSettings.of("t.example", "TXT")));
      assertThat(attributes(outcome, "answer").get(0).getBytes(StandardCharsets.UTF_8))
          .hasSizeLessThan(600);
    }
  }
}
