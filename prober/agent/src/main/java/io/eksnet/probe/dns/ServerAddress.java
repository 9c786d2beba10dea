package io.eksnet.probe.dns;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Target;
import io.eksnet.probe.net.DnsQuestion;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A name server as users write it: {@code 10.0.0.10}, {@code [fd00::a]:53}, {@code name:53}. */
final class ServerAddress {
  private static final int PORT = 53;
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\[\\]]+)](?::(\\d{1,5}))?");
  private static final Pattern PLAIN = Pattern.compile("([^:]+)(?::(\\d{1,5}))?");
  private static final Pattern NAME =
      Pattern.compile("(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?\\.)*[a-zA-Z0-9_-]+\\.?");
  private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?\\d+\\.?");

  private ServerAddress() {}

  /** The server as a target; without a port it is asked on 53. */
  static Target parse(String text) {
    if (AddressLiteral.parse(text).isPresent()) {
      return Target.of(text, text, PORT);
    }
    var bracketed = BRACKETED.matcher(text);
    if (bracketed.matches() && AddressLiteral.parse(bracketed.group(1)).isPresent()) {
      return Target.of(text, bracketed.group(1), port(bracketed.group(2)));
    }
    var plain = PLAIN.matcher(text);
    if (plain.matches() && isHost(plain.group(1))) {
      return Target.of(text, plain.group(1), port(plain.group(2)));
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is not a name server; write an address or a name, if need be with a port:"
            + " 10.0.0.10, 10.0.0.10:53, [fd00::a]:53, dns.example.com:53");
  }

  private static int port(@Nullable String digits) {
    return digits == null ? PORT : Integer.parseInt(digits);
  }

  private static boolean isHost(String host) {
    if (AddressLiteral.parse(host).isPresent()) {
      return true;
    }
    if (!NAME.matcher(host).matches() || ENDS_IN_NUMBER.matcher(host).matches()) {
      return false;
    }
    DnsQuestion.absolute(host);
    return true;
  }
}
