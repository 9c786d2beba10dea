package io.eksnet.probe.dns;

import com.google.re2j.Pattern;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ErrorText;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Rcode;

/** What an answer must be for a {@code dns} probe to succeed. */
@SettingsBuilder
public record DnsExpect(
    @Setting(
            value = "The expected response code, such as NOERROR or NXDOMAIN.",
            fallback = "NOERROR",
            example = "NXDOMAIN")
        String rcode,
    @Setting(
            value = "Several expected response codes, instead of `rcode`.",
            fallback = "[]",
            example = "[NOERROR, NXDOMAIN]")
        List<String> rcodes,
    @Setting(
            value =
                "Flags that the response must have: `aa`, `ad` (which is then asked for), `ra`.",
            fallback = "[]",
            example = "[aa]")
        Set<DnsFlag> flags,
    @Setting(
            value =
                "Regular expressions that must each match the data of at least one record, as in zone"
                    + " files: names with a trailing dot, text in quotes. IPv6 addresses match in the form of"
                    + " RFC 5952, as in fd00::53, and in full.",
            fallback = "[]",
            example = "['^10\\.0\\.']")
        List<Pattern> answers,
    @Setting(
            value =
                "Regular expressions of which at least one must match the data of every record.",
            fallback = "[]",
            example = "['^10\\.']")
        List<Pattern> only,
    @Setting(
            value = "Regular expressions that must match the data of no record.",
            fallback = "[]",
            example = "['^192\\.168\\.']")
        List<Pattern> answersAbsent,
    @Setting(
            value =
                "Regular expressions that must each match a record of the authority section, written as"
                    + " owner, type and data.",
            fallback = "[]",
            example = "['^example\\.com\\. SOA ']")
        List<Pattern> authority,
    @Setting(
            value = "The same for the additional section.",
            fallback = "[]",
            example = "[' A 10\\.']")
        List<Pattern> additional,
    @Setting(
            value =
                "The minimum number of records of the queried type; 0 allows none. Applies when the"
                    + " expected response code is NOERROR.",
            fallback = "1",
            min = 0,
            max = 1000)
        int minAnswers,
    @Setting(
            value =
                "The minimum serial number of SOA records in the response (RFC 1982); there must be one.",
            min = 0,
            max = 4_294_967_295L,
            example = "2026112901")
        Optional<Long> minSerial) {
  /** At least one record. */
  public static final DnsExpect ANSWERS = ConfigReader.defaults(DnsExpect.class);

  /** Response codes with records to look at. */
  private static final String NOERROR = "NOERROR";

  public DnsExpect {
    rcode = rcode.toUpperCase(Locale.ROOT);
    rcodes = rcodes.stream().map(code -> code.toUpperCase(Locale.ROOT)).toList();
    flags = Set.copyOf(flags);
    answers = List.copyOf(answers);
    only = List.copyOf(only);
    answersAbsent = List.copyOf(answersAbsent);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
    requireKnown("rcode", rcode);
    rcodes.forEach(code -> requireKnown("rcodes", code));
    if (!rcodes.isEmpty() && !rcode.equals(NOERROR)) {
      throw new InvalidSettingException("rcodes", "rcodes excludes rcode: set one of the two");
    }
    if (minAnswers < 0) {
      throw new InvalidSettingException(
          "min_answers", minAnswers + " is out of range; use 0 or more");
    }
    var accepted = rcodes.isEmpty() ? List.of(rcode) : rcodes;
    if (!accepted.contains(NOERROR)) {
      requireNone("answers", answers, accepted);
      requireNone("only", only, accepted);
      requireNone("answers_absent", answersAbsent, accepted);
    }
  }

  /** A response code and a number of records, and nothing else. */
  static DnsExpect of(String rcode, int minAnswers) {
    return DnsExpectBuilder.builder(ANSWERS).rcode(rcode).minAnswers(minAnswers).build();
  }

  private static void requireKnown(String key, String code) {
    if (Rcode.value(code) < 0) {
      throw new InvalidSettingException(
          key,
          ErrorText.quote(code)
              + " is not a response code; write one such as NOERROR, NXDOMAIN or SERVFAIL");
    }
  }

  private static void requireNone(String key, List<Pattern> patterns, List<String> rcodes) {
    if (!patterns.isEmpty()) {
      throw new InvalidSettingException(
          key,
          "needs the rcode NOERROR: a response of rcode "
              + String.join(" or ", rcodes)
              + " has no records");
    }
  }

  boolean accepts(int code) {
    return rcodes.isEmpty()
        ? Rcode.value(rcode) == code
        : rcodes.stream().anyMatch(accepted -> Rcode.value(accepted) == code);
  }

  /** The accepted response codes, for texts. */
  String describeCodes() {
    return rcodes.isEmpty() ? rcode : String.join(" or ", rcodes);
  }
}
