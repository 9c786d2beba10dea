package io.eksnet.probe.dns;

import com.google.re2j.Pattern;
import io.eksnet.model.Cause;
import io.eksnet.probe.net.DnsQuestion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Compares responses with what is expected, and describes them. */
final class DnsResponseMatcher {
  private static final int MAX_SHOWN = 5;

  /** How a response differs from what is expected. */
  record Mismatch(Cause cause, String detail) {}

  private DnsResponseMatcher() {}

  /** What is wrong with a response; empty when it is as expected. */
  static Optional<Mismatch> mismatch(Message response, DnsQuestion question, DnsExpect expect) {
    if (response.getRcode() != expect.code()) {
      return of(
          causeOf(response.getRcode()),
          "answered " + Rcode.string(response.getRcode()) + ", expected " + expect.rcode());
    }
    return response.getRcode() == Rcode.NOERROR
        ? mismatch(question.answersIn(response), response, question, expect)
        : Optional.empty();
  }

  private static Optional<Mismatch> mismatch(
      List<Record> records, Message response, DnsQuestion question, DnsExpect expect) {
    if (records.isEmpty() && question.hasType(response)) {
      return of(Cause.WRONG_ANSWER, "the records are not of " + question.name());
    }
    if (records.size() < expect.minAnswers()) {
      return records.isEmpty()
          ? of(Cause.NODATA, question.name() + " has no record of type " + type(question))
          : of(
              Cause.WRONG_ANSWER,
              records.size() + " records, expected at least " + expect.minAnswers());
    }
    var texts = records.stream().map(DnsResponseMatcher::data).toList();
    var missing =
        expect.answers().stream()
            .filter(p -> texts.stream().noneMatch(text -> p.matcher(text).find()));
    var unexpected = texts.stream().filter(text -> !isAllowed(text, expect.only()));
    return missing
        .findFirst()
        .flatMap(p -> of(Cause.WRONG_ANSWER, "no record matches \"" + p + "\": " + join(texts)))
        .or(() -> unexpected.findFirst().flatMap(t -> of(Cause.WRONG_ANSWER, "not allowed: " + t)));
  }

  private static boolean isAllowed(String text, List<Pattern> only) {
    return only.isEmpty() || only.stream().anyMatch(p -> p.matcher(text).find());
  }

  private static Optional<Mismatch> of(Cause cause, String detail) {
    return Optional.of(new Mismatch(cause, detail));
  }

  private static Cause causeOf(int rcode) {
    return switch (rcode) {
      case Rcode.NXDOMAIN -> Cause.NXDOMAIN;
      case Rcode.SERVFAIL -> Cause.SERVFAIL;
      case Rcode.REFUSED -> Cause.REFUSED_RCODE;
      default -> Cause.WRONG_ANSWER;
    };
  }

  /** A response in a line: response code, flags, and the first records. */
  static String describe(Message response) {
    var records = response.getSection(Section.ANSWER);
    var shown = records.stream().limit(MAX_SHOWN).map(DnsResponseMatcher::text).toList();
    return Rcode.string(response.getRcode())
        + " ["
        + response.getHeader().printFlags().strip()
        + "] "
        + records.size()
        + (records.size() == 1 ? " record" : " records")
        + (shown.isEmpty() ? "" : ": " + join(shown));
  }

  private static String text(Record answer) {
    return Type.string(answer.getType()) + " " + data(answer);
  }

  /** The data of a record as zone files write it (RFC 1035 section 5.1); text always in quotes. */
  private static String data(Record answer) {
    return answer instanceof TXTRecord text
        ? text.getStrings().stream().collect(Collectors.joining("\" \"", "\"", "\""))
        : answer.rdataToString();
  }

  private static String type(DnsQuestion question) {
    return Type.string(question.type());
  }

  private static String join(List<String> texts) {
    return texts.stream().limit(MAX_SHOWN).collect(Collectors.joining(", "))
        + (texts.size() > MAX_SHOWN ? ", …" : "");
  }
}
