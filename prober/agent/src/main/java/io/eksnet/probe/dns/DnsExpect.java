package io.eksnet.probe.dns;

import com.google.re2j.Pattern;
import io.eksnet.config.ErrorText;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.Rcode;

/** What an answer must be for a {@code dns} probe to succeed. */
public record DnsExpect(
    @Setting(
            value = "The expected response code, such as NOERROR or NXDOMAIN.",
            fallback = "NOERROR",
            example = "NXDOMAIN")
        String rcode,
    @Setting(
            value =
                "Regular expressions that must each match the data of at least one record, as in zone"
                    + " files: names with a trailing dot, text in quotes.",
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
            value =
                "The minimum number of records of the queried type; 0 allows none. Applies when the"
                    + " expected response code is NOERROR.",
            fallback = "1",
            min = 0,
            max = 1000)
        int minAnswers) {
  /** At least one record. */
  public static final DnsExpect ANSWERS = new DnsExpect("NOERROR", List.of(), List.of(), 1);

  public DnsExpect {
    rcode = rcode.toUpperCase(Locale.ROOT);
    answers = List.copyOf(answers);
    only = List.copyOf(only);
    if (Rcode.value(rcode) < 0) {
      throw new InvalidSettingException(
          "rcode",
          ErrorText.quote(rcode)
              + " is not a response code; write one such as NOERROR, NXDOMAIN or SERVFAIL");
    }
    if (minAnswers < 0) {
      throw new InvalidSettingException(
          "min_answers", minAnswers + " is out of range; use 0 or more");
    }
    if (Rcode.value(rcode) != Rcode.NOERROR && !(answers.isEmpty() && only.isEmpty())) {
      throw new InvalidSettingException(
          answers.isEmpty() ? "only" : "answers",
          "needs the rcode NOERROR: a response of rcode " + rcode + " has no records");
    }
  }

  int code() {
    return Rcode.value(rcode);
  }
}
