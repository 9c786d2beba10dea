package io.eksnet.probe.dns;

import com.google.re2j.Pattern;
import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.DnsQuestion;
import io.eksnet.probe.net.ProbeFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** What an answer is worth, and how it reads. */
final class DnsVerdict {
  private static final int MOST_SHOWN = 5;

  private DnsVerdict() {}

  /** What is wrong with an answer; empty when it is as expected. */
  static Optional<ProbeFailure> objection(Message answer, DnsQuestion question, DnsExpect expect) {
    if (answer.getRcode() != expect.code()) {
      return wrong(
          causeOf(answer.getRcode()),
          "answered " + Rcode.string(answer.getRcode()) + ", expected " + expect.rcode());
    }
    return answer.getRcode() == Rcode.NOERROR
        ? objection(question.answersIn(answer), answer, question, expect)
        : Optional.empty();
  }

  private static Optional<ProbeFailure> objection(
      List<Record> records, Message answer, DnsQuestion question, DnsExpect expect) {
    if (records.isEmpty() && question.hasType(answer)) {
      return wrong(Cause.WRONG_ANSWER, "no record is of " + question.name());
    }
    if (records.size() < expect.minAnswers()) {
      return records.isEmpty()
          ? wrong(Cause.NODATA, question.name() + " has no record of type " + type(question))
          : wrong(
              Cause.WRONG_ANSWER,
              records.size() + " records, expected at least " + expect.minAnswers());
    }
    var texts = records.stream().map(DnsVerdict::data).toList();
    var missing =
        expect.answers().stream()
            .filter(p -> texts.stream().noneMatch(text -> p.matcher(text).find()));
    var strange = texts.stream().filter(text -> !isAllowed(text, expect.only()));
    return missing
        .findFirst()
        .flatMap(p -> wrong(Cause.WRONG_ANSWER, "no record matches \"" + p + "\": " + some(texts)))
        .or(() -> strange.findFirst().flatMap(t -> wrong(Cause.WRONG_ANSWER, "not allowed: " + t)));
  }

  private static boolean isAllowed(String text, List<Pattern> only) {
    return only.isEmpty() || only.stream().anyMatch(p -> p.matcher(text).find());
  }

  private static Optional<ProbeFailure> wrong(Cause cause, String detail) {
    return Optional.of(new ProbeFailure(Phase.PROCESSING, cause, detail));
  }

  private static Cause causeOf(int rcode) {
    return switch (rcode) {
      case Rcode.NXDOMAIN -> Cause.NXDOMAIN;
      case Rcode.SERVFAIL -> Cause.SERVFAIL;
      case Rcode.REFUSED -> Cause.REFUSED_RCODE;
      default -> Cause.WRONG_ANSWER;
    };
  }

  /** An answer in a line: response code, flags, and the first records. */
  static String describe(Message answer) {
    var records = answer.getSection(Section.ANSWER);
    var shown = records.stream().limit(MOST_SHOWN).map(DnsVerdict::text).toList();
    return Rcode.string(answer.getRcode())
        + " ["
        + answer.getHeader().printFlags().strip()
        + "] "
        + records.size()
        + (records.size() == 1 ? " record" : " records")
        + (shown.isEmpty() ? "" : ": " + some(shown));
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

  private static String some(List<String> texts) {
    return texts.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
        + (texts.size() > MOST_SHOWN ? ", …" : "");
  }
}
