package io.eksnet.probe.dns;

import io.eksnet.fuzz.Parser;
import io.eksnet.probe.net.DnsQuestion;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What this package reads of others. */
public final class DnsParsers {
  private static final Name NAME = DnsQuestion.absolute("a.test");
  private static final List<DnsQuestion> QUESTIONS =
      Stream.of(Type.A, Type.TXT, Type.SRV, Type.ANY)
          .map(type -> new DnsQuestion(NAME, type, true))
          .toList();

  private DnsParsers() {}

  public static List<Parser> all() {
    return List.of(
        new Parser(
            "dns",
            List.of(
                wire("a.test. 60 IN CNAME b.test.", "b.test. 60 IN A 10.0.0.1"),
                wire("a.test. 60 IN TXT \"v=1\" \"\\000\\255\""),
                wire("a.test. 60 IN SRV 0 0 443 b.test.", "a.test. 60 IN CAA 0 issue \"ca\""),
                wire("a.test. 60 IN HTTPS 1 . alpn=h2 ipv4hint=10.0.0.1")),
            DnsParsers::read));
  }

  /** As an exchange does, which reports any exception of the parser as a wrong answer. */
  private static void read(byte[] bytes) {
    Message message;
    try {
      message = new Message(bytes);
    } catch (IOException | RuntimeException e) {
      return;
    }
    for (var question : QUESTIONS) {
      DnsResponseMatcher.mismatch(List.of(message), List.of(question), DnsExpect.ANSWERS);
    }
    DnsResponseMatcher.describe(message);
  }

  private static byte[] wire(String... answers) {
    try {
      var message = new Message(1);
      message.getHeader().setFlag(Flags.QR);
      message.addRecord(Record.newRecord(NAME, Type.A, DClass.IN), Section.QUESTION);
      for (var answer : answers) {
        var parts = answer.split(" ", 5);
        message.addRecord(
            Record.fromString(
                Name.fromString(parts[0]),
                Type.value(parts[3]),
                DClass.IN,
                60,
                parts[4],
                Name.root),
            Section.ANSWER);
      }
      return message.toWire();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
