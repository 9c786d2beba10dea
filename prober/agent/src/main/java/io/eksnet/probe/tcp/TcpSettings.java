package io.eksnet.probe.tcp;

import com.google.re2j.Pattern;
import io.eksnet.config.Setting;
import io.eksnet.model.Family;
import io.eksnet.probe.net.Addresses;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The settings of the {@code tcp} kind: where to connect, what to say, what must be heard. */
public record TcpSettings(
    @Setting(value = "Which addresses of a name to use.", fallback = "any") Family family,
    @Setting(
            value =
                "Whether to probe the first address of a name, or each of them with a result of its"
                    + " own (at most 16).",
            fallback = "one")
        Addresses addresses,
    @Setting(
            value =
                "What to send once connected; `\\r`, `\\n`, `\\t`, `\\\\` and `\\x41` are"
                    + " understood.",
            example = "'PING\\r\\n'")
        Optional<String> send,
    @Setting(
            value =
                "Regular expressions that must all be found in what the peer says, read as Latin-1;"
                    + " without any, the connection alone is a success.",
            fallback = "[]",
            example = "['^\\+PONG']")
        List<Pattern> expect,
    @Setting(
            value = "How many bytes the peer may send before an expression is found.",
            fallback = "16384",
            min = 1,
            max = TcpSettings.MOST_BYTES)
        int maxBytes) {
  static final int MOST_BYTES = 65_536;

  /** Connect, and nothing else. */
  public static final TcpSettings DEFAULT =
      new TcpSettings(Family.ANY, Addresses.ONE, Optional.empty(), List.of(), 16_384);

  public TcpSettings {
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    expect = List.copyOf(expect);
    send.ifPresent(Escapes::bytes);
    if (maxBytes < 1 || maxBytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "max_bytes must be 1 to " + MOST_BYTES + ", not " + maxBytes);
    }
  }
}
