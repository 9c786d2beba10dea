package io.eksnet.probe.dns;

import com.google.re2j.Pattern;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.probe.net.DnsQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Compares responses with what is expected, and describes them. */
final class DnsResponseMatcher {
  private static final int MAX_SHOWN = 5;

  /** How a response differs from what is expected. */
  record Mismatch(Cause cause, String detail) {}

  private DnsResponseMatcher() {}

  /** What is wrong with the responses to these questions; empty when they are as expected. */
  static Optional<Mismatch> mismatch(
      List<Message> responses, List<DnsQuestion> questions, DnsExpect expect) {
    return responses.stream()
        .flatMap(response -> ofHeader(response, expect).stream())
        .findFirst()
        .or(() -> ofAnswers(responses, questions, expect))
        .or(() -> ofSection(responses, Section.AUTHORITY, expect.authority()))
        .or(() -> ofSection(responses, Section.ADDITIONAL, expect.additional()))
        .or(() -> ofSerial(responses, expect));
  }

  private static Optional<Mismatch> ofHeader(Message response, DnsExpect expect) {
    if (!expect.accepts(response.getRcode())) {
      return of(
          causeOf(response.getRcode()),
          "answered " + Rcode.string(response.getRcode()) + ", expected " + expect.describeCodes());
    }
    return expect.flags().stream()
        .sorted()
        .filter(flag -> !response.getHeader().getFlag(flag.bit()))
        .findFirst()
        .flatMap(
            flag ->
                of(
                    Cause.WRONG_ANSWER,
                    "the response lacks the flag " + flag.name().toLowerCase(Locale.ROOT)));
  }

  private static Optional<Mismatch> ofAnswers(
      List<Message> responses, List<DnsQuestion> questions, DnsExpect expect) {
    if (responses.stream().anyMatch(response -> response.getRcode() != Rcode.NOERROR)) {
      return Optional.empty();
    }
    var records = new ArrayList<Record>();
    var ofOthers = false;
    for (int i = 0; i < responses.size(); i++) {
      var answers = questions.get(i).answersIn(responses.get(i));
      ofOthers |= answers.isEmpty() && questions.get(i).hasType(responses.get(i));
      records.addAll(answers);
    }
    var name = questions.get(0).name();
    if (records.isEmpty() && ofOthers) {
      return of(Cause.WRONG_ANSWER, "the records are not of " + name);
    }
    if (records.size() < expect.minAnswers()) {
      return records.isEmpty()
          ? of(Cause.NODATA, name + " has no record of type " + types(questions))
          : of(
              Cause.WRONG_ANSWER,
              records.size() + " records, expected at least " + expect.minAnswers());
    }
    return ofRecords(records, expect);
  }

  private static Optional<Mismatch> ofRecords(List<Record> records, DnsExpect expect) {
    var missing =
        expect.answers().stream()
            .filter(p -> records.stream().noneMatch(record -> matches(p, record)));
    var unexpected = records.stream().filter(record -> !isAllowed(record, expect.only()));
    var forbidden =
        records.stream().filter(r -> expect.answersAbsent().stream().anyMatch(p -> matches(p, r)));
    return missing
        .findFirst()
        .flatMap(
            p ->
                of(
                    Cause.WRONG_ANSWER,
                    "no record matches \""
                        + p
                        + "\": "
                        + join(records.stream().map(DnsResponseMatcher::data).toList())))
        .or(
            () ->
                Stream.concat(unexpected, forbidden)
                    .findFirst()
                    .flatMap(r -> of(Cause.WRONG_ANSWER, "not allowed: " + data(r))));
  }

  private static Optional<Mismatch> ofSection(
      List<Message> responses, int section, List<Pattern> expected) {
    if (expected.isEmpty()) {
      return Optional.empty();
    }
    var texts =
        responses.stream()
            .flatMap(response -> response.getSection(section).stream())
            .filter(record -> record.getType() != Type.OPT)
            .map(record -> record.getName() + " " + text(record))
            .toList();
    return expected.stream()
        .filter(p -> texts.stream().noneMatch(text -> p.matcher(text).find()))
        .findFirst()
        .flatMap(
            p ->
                of(
                    Cause.WRONG_ANSWER,
                    "no record of the "
                        + Section.longString(section).split(" ")[0].toLowerCase(Locale.ROOT)
                        + " section matches \""
                        + p
                        + "\": "
                        + (texts.isEmpty() ? "it is empty" : join(texts))));
  }

  /** Serial numbers wrap around (RFC 1982 section 3.2). */
  private static Optional<Mismatch> ofSerial(List<Message> responses, DnsExpect expect) {
    if (expect.minSerial().isEmpty()) {
      return Optional.empty();
    }
    var serials = serials(responses).toList();
    var minimum = expect.minSerial().get();
    return serials.isEmpty()
        ? of(Cause.NODATA, "the response has no SOA record, expected serial " + minimum)
        : serials.stream()
            .filter(serial -> (int) (serial - minimum) < 0)
            .findFirst()
            .flatMap(
                serial ->
                    of(
                        Cause.WRONG_ANSWER,
                        "the serial is " + serial + ", expected at least " + minimum));
  }

  /** The serial numbers of SOA records, those of answers before those of the authority section. */
  static Stream<Long> serials(List<Message> responses) {
    return Stream.of(Section.ANSWER, Section.AUTHORITY)
        .flatMap(
            section ->
                responses.stream().flatMap(response -> response.getSection(section).stream()))
        .filter(SOARecord.class::isInstance)
        .map(record -> ((SOARecord) record).getSerial());
  }

  private static boolean isAllowed(Record answer, List<Pattern> only) {
    return only.isEmpty() || only.stream().anyMatch(p -> matches(p, answer));
  }

  /** In the form that people write, or in that of earlier versions. */
  private static boolean matches(Pattern regex, Record answer) {
    return regex.matcher(data(answer)).find()
        || (answer instanceof AAAARecord && regex.matcher(answer.rdataToString()).find());
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
    if (answer instanceof AAAARecord ip6) {
      return AddressLiteral.text(ip6.getAddress());
    }
    return answer instanceof TXTRecord text
        ? text.getStrings().stream().collect(Collectors.joining("\" \"", "\"", "\""))
        : answer.rdataToString();
  }

  private static String types(List<DnsQuestion> questions) {
    return questions.stream()
        .map(question -> Type.string(question.type()))
        .collect(Collectors.joining(" or "));
  }

  private static String join(List<String> texts) {
    return texts.stream().limit(MAX_SHOWN).collect(Collectors.joining(", "))
        + (texts.size() > MAX_SHOWN ? ", …" : "");
  }
}
