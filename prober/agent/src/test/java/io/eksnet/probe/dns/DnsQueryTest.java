package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eksnet.model.Cause;
import io.eksnet.model.HostNames;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.ResolvConf;
import io.eksnet.model.Target;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.LoopbackDns;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.SystemResolver;
import io.eksnet.probe.net.YamlSettings;
import io.eksnet.probe.tcp.TcpKind;
import io.eksnet.probe.tcp.TcpSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What a query asks for beyond a name and a type, and servers that are old or strange. */
@Timeout(60)
class DnsQueryTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Network network = Network.open();

  @AfterAll
  static void close() {
    network.close();
  }

  private static Outcome run(LoopbackDns server, String yaml) {
    return run(yaml, "127.0.0.1:" + server.port());
  }

  private static Outcome run(String yaml, String target) {
    var settings = YamlSettings.of(DnsSettings.class, yaml);
    var kind = new DnsKind();
    var parsed = kind.target(target, settings);
    return kind.create(settings, network).run(parsed, TIMEOUT).await();
  }

  private static boolean hasEdns(Message query) {
    return query.getOPT() != null;
  }

  /** Answers queries with EDNS by {@code refusal}, and others with an address. */
  private static LoopbackDns without(String refusal) {
    return LoopbackDns.that(
        query -> {
          if (!hasEdns(query.message())) {
            query.reply(Rcode.NOERROR, "A 127.0.0.1");
            return;
          }
          switch (refusal) {
            case "FORMERR" -> query.reply(Rcode.FORMERR);
            case "NOTIMP" -> query.reply(Rcode.NOTIMP);
            case "BADVERS" -> {
              var answer = query.answer(Rcode.NOERROR);
              answer.addRecord(new OPTRecord(1232, 1, 0), Section.ADDITIONAL);
              query.send(answer.toWire());
            }
            case "header only" -> {
              var answer = new Message(query.message().getHeader().getID());
              answer.getHeader().setFlag(Flags.QR);
              answer.getHeader().setRcode(Rcode.FORMERR);
              query.send(answer.toWire());
            }
            default -> {}
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "FORMERR, udp",
    "NOTIMP, udp",
    "BADVERS, udp",
    "header only, udp",
    "silence, udp",
    "FORMERR, tcp",
    "NOTIMP, tcp",
    "BADVERS, tcp",
  })
  void asksAgainWithoutEdns(String refusal, String proto) {
    try (var server = without(refusal)) {
      var outcome = run(server, "{query: a.test, try_timeout: 300ms, proto: %s}".formatted(proto));

      assertThat(outcome.succeeded()).as("%s", outcome).isTrue();
      assertThat(Bench.attributes(outcome, "edns"))
          .singleElement()
          .asString()
          .contains("asking without");
      assertThat(server.received()).extracting(DnsQueryTest::hasEdns).containsExactly(true, false);
      assertThat(outcome.notes().contains(new Note.Retried())).isEqualTo(refusal.equals("silence"));
    }
  }

  @Test
  void asksOnceWithoutEdnsWhereItIsOff() {
    try (var server = without("silence")) {
      assertThat(run(server, "{query: a.test, edns: false}").succeeded()).isTrue();
      assertThat(server.received()).extracting(DnsQueryTest::hasEdns).containsExactly(false);
    }
  }

  @Test
  void reportsServersThatRefuseBothWays() {
    try (var server = LoopbackDns.that(query -> query.reply(Rcode.FORMERR))) {
      var outcome = run(server, "query: a.test");

      assertThat(Bench.failure(outcome).cause()).isEqualTo(Cause.WRONG_ANSWER);
      assertThat(Bench.failure(outcome).detail()).contains("answered FORMERR");
      assertThat(server.received()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"FORMERR", "NOTIMP", "BADVERS", "header only", "silence"})
  void resolvesTargetsBehindServersWithoutEdns(String refusal) throws IOException {
    var conf = new ResolvConf(List.of("127.0.0.1"), List.of(), 1);
    try (var server = without(refusal);
        var listener = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
      var resolver = new SystemResolver(() -> new HostNames(conf, Map.of()), server.port());
      var target = Target.of("t", "shop.test", listener.getLocalPort());

      var outcome =
          new TcpKind()
              .create(TcpSettings.DEFAULT, network.resolvingWith(resolver))
              .run(target, TIMEOUT)
              .await();

      assertThat(outcome.succeeded()).as("%s", outcome).isTrue();
      assertThat(Bench.attributes(outcome, "edns")).hasSize(refusal.equals("silence") ? 0 : 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fd00::53, ^fd00::53$, success",
    "fd00::53, '^fd00:0:0:0:0:0:0:53$', success",
    "::1, ^::1$, success",
    "2001:db8::1:0:0:1, '^2001:db8::1:0:0:1$', success",
    "2001:db8:0:1:1:1:1:1, '^2001:db8:0:1:1:1:1:1$', success",
    "fd00:0:0:1::, '^fd00:0:0:1::$', success",
    "'::', '^::$', success",
    "fd00::54, ^fd00::53$, wrong_answer",
  })
  void matchesIpv6AsPeopleWriteIt(String address, String pattern, String label) {
    try (var server = LoopbackDns.answering("AAAA " + address)) {
      for (var key : List.of("answers", "only")) {
        var outcome =
            run(
                server,
                "{query: a.test, type: AAAA, expect: {%s: ['%s']}}".formatted(key, pattern));
        assertThat(outcome.label()).as("%s", outcome).isEqualTo(label);
      }
    }
  }

  @Test
  void sendsIdnaNames() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      run(server, "query: bücher.test");
      run("type: A", "127.0.0.1:" + server.port() + "/пример.test");

      assertThat(server.received())
          .extracting(message -> message.getQuestion().getName().toString())
          .containsExactly("xn--bcher-kva.test.", "xn--e1afmkfd.test.");
    }
  }

  @Test
  void queriesTheNameOfTheTarget() {
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      var at = "127.0.0.1:" + server.port();
      assertThat(run("type: A", at + "/one.test").succeeded()).isTrue();
      assertThat(run("query: usual.test", at + "/other.test").succeeded()).isTrue();
      assertThat(run("query: usual.test", at).succeeded()).isTrue();

      assertThat(server.received())
          .extracting(message -> message.getQuestion().getName().toString())
          .containsExactly("one.test.", "other.test.", "usual.test.");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> run("type: A", at))
          .withMessageContaining("write SERVER/NAME, or set query");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> run("type: A", at + "/"))
          .withMessageContaining("no name after its slash");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> run("type: A", at + "/10.0.0.1"))
          .withMessageContaining("is an address");
    }
  }

  /** As libc asks: both queries before the first response, from one port. */
  @Test
  void sendsAAndAaaaFromOneSocket() {
    try (var server =
        LoopbackDns.that(
            query ->
                query.reply(
                    Rcode.NOERROR, query.type() == Type.A ? "A 10.0.0.1" : "AAAA fd00::1"))) {
      var outcome =
          run(
              server,
              "{query: a.test, type: A+AAAA, expect: {answers: ['^10', '^fd00::1$'], min_answers:"
                  + " 2}}");

      assertThat(outcome.succeeded()).as("%s", outcome).isTrue();
      assertThat(server.ports()).hasSize(1);
      assertThat(server.received())
          .extracting(message -> message.getQuestion().getType())
          .containsExactlyInAnyOrder(Type.A, Type.AAAA);
    }
  }

  /** The fault of conntrack: one of two packets from a new socket is dropped. */
  @Test
  void reportsWhichOfThePairIsLost() {
    try (var server =
        LoopbackDns.that(
            query -> {
              if (query.type() == Type.A) {
                query.reply(Rcode.NOERROR, "A 10.0.0.1");
              }
            })) {
      var failure =
          Bench.failure(run(server, "{query: a.test, type: a+aaaa, tries: 1, try_timeout: 300ms}"));

      assertThat(failure.cause()).isEqualTo(Cause.TIMEOUT);
      assertThat(failure.phase()).isEqualTo(Phase.PROCESSING);
      assertThat(failure.detail()).contains("no response to the query for AAAA within");
    }
  }

  @Test
  void aNameWithAddressesOfOneFamilyIsEnoughForThePair() {
    try (var server =
        LoopbackDns.that(
            query ->
                query.reply(
                    Rcode.NOERROR,
                    query.type() == Type.A ? new String[] {"A 10.0.0.1"} : new String[0]))) {
      assertThat(run(server, "{query: a.test, type: A+AAAA}").succeeded()).isTrue();
    }
    try (var server = LoopbackDns.that(query -> query.reply(Rcode.NOERROR))) {
      assertThat(Bench.failure(run(server, "{query: a.test, type: A+AAAA}")).detail())
          .isEqualTo("a.test. has no record of type A or AAAA");
    }
  }

  private static LoopbackDns answering(int rcode, int... flags) {
    return LoopbackDns.that(
        query -> {
          var answer = query.answer(rcode, rcode == Rcode.NOERROR ? "A 10.0.0.1" : "A 10.0.0.9");
          for (var flag : flags) {
            answer.getHeader().setFlag(flag);
          }
          answer.addRecord(
              record("test. 60 IN SOA ns.test. admin.test. 2026112901 3600 600 86400 60"),
              Section.AUTHORITY);
          answer.addRecord(record("ns.test. 60 IN A 10.0.0.53"), Section.ADDITIONAL);
          query.send(answer.toWire());
        });
  }

  private static Record record(String line) throws IOException {
    var words = line.split(" ", 5);
    return Record.fromString(
        Name.fromString(words[0]), Type.value(words[3]), DClass.IN, 60, words[4], Name.root);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | {rcodes: [NXDOMAIN, noerror]} | success",
        "3 | {rcodes: [NXDOMAIN, NOERROR]} | success",
        "2 | {rcodes: [NXDOMAIN, NOERROR]} | servfail",
        "0 | {flags: [aa]} | success",
        "0 | {flags: [aa, ra]} | success",
        "0 | {flags: [ad]} | wrong_answer",
        "0 | {answers_absent: ['^10[.]0[.]0[.]1$']} | wrong_answer",
        "0 | {answers_absent: ['^10[.]0[.]0[.]2$']} | success",
        "0 | {authority: ['^test[.] SOA ns[.]test[.]']} | success",
        "3 | {rcode: NXDOMAIN, authority: ['^test[.] SOA']} | success",
        "0 | {authority: [' NS ']} | wrong_answer",
        "0 | {additional: ['^ns[.]test[.] A 10[.]0[.]0[.]53$']} | success",
        "0 | {additional: ['AAAA']} | wrong_answer",
        "0 | {min_serial: 2026112901} | success",
        "0 | {min_serial: 2026112902} | wrong_answer",
        "0 | {min_serial: 4294967295} | success",
      })
  void checksHeaderAndSections(int rcode, String expect, String label) {
    try (var server = answering(rcode, Flags.AA)) {
      var outcome = run(server, "{query: a.test, expect: %s}".formatted(expect));
      assertThat(outcome.label()).as("%s", outcome).isEqualTo(label);
    }
  }

  /** Also of a run that fails, as its serial is what one wants to see then. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | {min_serial: 2026112902}",
        "0 | {rcode: SERVFAIL}",
        "3 | {rcode: NXDOMAIN}",
        "2 | {}",
      })
  void notesTheSerialOfEveryResponse(int rcode, String expect) {
    try (var server = answering(rcode, Flags.AA)) {
      var outcome = run(server, "{query: a.test, expect: %s}".formatted(expect));

      assertThat(outcome.notes(Note.ZoneSerial.class))
          .containsExactly(new Note.ZoneSerial(2026112901));
    }
  }

  @Test
  void prefersTheSerialOfTheAnswerToThatOfTheAuthoritySection() {
    try (var server =
        LoopbackDns.that(
            query -> {
              var answer =
                  query.answer(Rcode.NOERROR, "SOA ns.test. admin.test. 4294967295 1 1 1 1");
              answer.addRecord(
                  record("test. 60 IN SOA ns.test. admin.test. 7 1 1 1 1"), Section.AUTHORITY);
              query.send(answer.toWire());
            })) {
      assertThat(run(server, "{query: a.test, type: SOA}").notes(Note.ZoneSerial.class))
          .containsExactly(new Note.ZoneSerial(4_294_967_295L));
    }
    try (var server = LoopbackDns.answering("A 10.0.0.1")) {
      assertThat(run(server, "{query: a.test}").notes(Note.ZoneSerial.class)).isEmpty();
    }
  }

  @Test
  void asksForAuthenticDataWhereItIsExpected() {
    try (var server = answering(Rcode.NOERROR, Flags.AD)) {
      assertThat(run(server, "{query: a.test, expect: {flags: [ad]}}").succeeded()).isTrue();
      assertThat(run(server, "{query: a.test}").succeeded()).isTrue();
      assertThat(server.received().stream().map(m -> m.getHeader().getFlag(Flags.AD)))
          .containsExactly(true, false);
    }
  }

  @Test
  void asksInTheClassChaos() {
    try (var server =
        LoopbackDns.that(
            query -> {
              var answer = new Message(query.message().getHeader().getID());
              answer.getHeader().setFlag(Flags.QR);
              answer.addRecord(query.message().getQuestion(), Section.QUESTION);
              answer.addRecord(
                  Record.fromString(query.name(), Type.TXT, DClass.CH, 0, "\"9.18.1\"", Name.root),
                  Section.ANSWER);
              query.send(answer.toWire());
            })) {
      var outcome =
          run(
              server,
              "{query: version.bind, type: TXT, query_class: ch, expect: {answers: ['9[.]18']}}");

      assertThat(outcome.succeeded()).as("%s", outcome).isTrue();
      assertThat(server.received().get(0).getQuestion().getDClass()).isEqualTo(DClass.CH);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{query: a.test, expect: {rcode: NXDOMAIN, rcodes: [NOERROR]}} | rcodes excludes rcode",
        "{query: a.test, expect: {rcodes: [NOPE]}} | is not a response code",
        "{query: a.test, expect: {rcodes: [NXDOMAIN], only: [x]}} | needs the rcode NOERROR",
        "{query: a.test, type: A+AAAA, proto: tcp} | needs proto: udp",
        "{query: a.test, type: A+MX} | is not a record type",
        "{query: a.test, query_class: chaos} | ch",
        "{query: a.test, resolver: ns.test} | is no resolver",
        "{query: a.test, source_address: eth0} | is not an address",
        "{query: a.test, expect: {min_serial: 4294967296}} | min_serial",
      })
  void rejectsInvalidSettings(String yaml, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> YamlSettings.of(DnsSettings.class, yaml))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "any, '127.0.0.1'",
    "ip4, '127.0.0.1'",
    "ip6, '::1'",
    "prefer_ip6, '::1'",
    "both, '127.0.0.1,::1'",
  })
  void choosesAddressesOfATargetByFamily(String family, String addresses) {
    try (var server =
        LoopbackDns.that(
            query ->
                query.reply(Rcode.NOERROR, query.type() == Type.A ? "A 127.0.0.1" : "AAAA ::1"))) {
      var conf = new ResolvConf(List.of("127.0.0.1"), List.of(), 1);
      var names = new HostNames(conf, Map.of());
      var settings =
          YamlSettings.of(TcpSettings.class, "{family: %s, addresses: all}".formatted(family));

      var outcome =
          new TcpKind()
              .create(
                  settings, network.resolvingWith(new SystemResolver(() -> names, server.port())))
              .run(Target.of("t", "shop.test", 1), TIMEOUT)
              .await();

      assertThat(((Outcome.Several) outcome).parts().stream().map(Outcome.Part::address))
          .containsExactly(addresses.split(","));
    }
  }

  @Test
  void prefersIp6AndTakesIp4OtherwiseAndTheOtherWayRound() {
    try (var server =
        LoopbackDns.that(
            query ->
                query.reply(
                    Rcode.NOERROR,
                    (query.type() == Type.A) == query.name().toString().startsWith("four")
                        ? new String[] {query.type() == Type.A ? "A 127.0.0.1" : "AAAA ::1"}
                        : new String[0]))) {
      var conf = new ResolvConf(List.of("127.0.0.1"), List.of(), 1);
      var names = new HostNames(conf, Map.of());
      var on = network.resolvingWith(new SystemResolver(() -> names, server.port()));
      for (var family : List.of("any", "prefer_ip6", "both")) {
        for (var host : List.of("four.test", "six.test")) {
          var settings =
              YamlSettings.of(TcpSettings.class, "{family: %s, addresses: all}".formatted(family));
          var outcome =
              new TcpKind().create(settings, on).run(Target.of("t", host, 1), TIMEOUT).await();
          assertThat(
                  ((Outcome.Several) outcome)
                      .parts().stream().map(Outcome.Part::address).collect(Collectors.toList()))
              .containsExactly(host.startsWith("four") ? "127.0.0.1" : "::1");
        }
      }
    }
  }

  @Test
  void asksTheGivenResolverWithoutASearchList() {
    try (var server = LoopbackDns.answering("A 127.0.0.1")) {
      var settings =
          YamlSettings.of(TcpSettings.class, "resolver: '127.0.0.1:%d'".formatted(server.port()));

      var outcome =
          new TcpKind().create(settings, network).run(Target.of("t", "shop", 1), TIMEOUT).await();

      assertThat(Bench.failure(outcome).cause()).isEqualTo(Cause.CONN_REFUSED);
      assertThat(server.received())
          .extracting(message -> message.getQuestion().getName().toString())
          .containsExactly("shop.");
    }
  }
}
