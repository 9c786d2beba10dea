package io.eksnet.probe.tcp;

import com.google.re2j.Pattern;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.model.Family;
import io.eksnet.probe.net.AddressSelection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The settings of the {@code tcp} kind: what to send and what to expect. */
public record TcpSettings(
    @Setting(value = "Which addresses of a name to use.", fallback = "any") Family family,
    @Setting(
            value =
                "Whether to probe the first address of a name, or each of them with a result of its"
                    + " own (at most 16).",
            fallback = "one")
        AddressSelection addresses,
    @Setting(
            value =
                "The payload to send once connected, with the escapes `\\r`, `\\n`, `\\t`, `\\\\` and"
                    + " `\\x41`.",
            example = "'PING\\r\\n'")
        Optional<String> send,
    @Setting(
            value =
                "Regular expressions that must all match what the peer sends, read as Latin-1;"
                    + " without any, the connection alone is a success.",
            fallback = "[]",
            example = "['^\\+PONG']")
        List<Pattern> expect,
    @Setting(
            value = "How many bytes the peer may send before all expressions match.",
            fallback = "16384",
            min = 1,
            max = TcpSettings.MAX_BYTES)
        int maxBytes) {
  static final int MAX_BYTES = 65_536;

  /** A backslash and what it escapes; nothing, if it is no known escape. */
  private static final java.util.regex.Pattern ESCAPE =
      java.util.regex.Pattern.compile("\\\\(x[0-9a-fA-F]{2}|[rnt\\\\]|)");

  /** Connect, and nothing else. */
  public static final TcpSettings DEFAULT = ConfigReader.defaults(TcpSettings.class);

  public TcpSettings {
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    expect = List.copyOf(expect);
    send.ifPresent(TcpSettings::unescape);
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      throw new InvalidSettingException(
          "max_bytes", maxBytes + " is out of range; use 1 to " + MAX_BYTES);
    }
  }

  /** What to send; empty: nothing. */
  byte[] payload() {
    return send.map(TcpSettings::unescape).orElse(new byte[0]);
  }

  /**
   * The text in UTF-8 with its escapes replaced.
   *
   * @throws IllegalArgumentException on an unknown escape
   */
  static byte[] unescape(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    var escape = ESCAPE.matcher(text);
    var end = 0;
    while (escape.find()) {
      bytes.writeBytes(text.substring(end, escape.start()).getBytes(StandardCharsets.UTF_8));
      bytes.write(unescaped(escape.group(1)));
      end = escape.end();
    }
    bytes.writeBytes(text.substring(end).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  private static int unescaped(String escape) {
    return switch (escape) {
      case "r" -> '\r';
      case "n" -> '\n';
      case "t" -> '\t';
      case "\\" -> '\\';
      case "" ->
          throw new InvalidSettingException(
              "send",
              "a backslash starts no escape; write \\\\ for a backslash, or \\r, \\n,"
                  + " \\t or \\x and two hex digits");
      default -> Integer.parseInt(escape.substring(1), 16);
    };
  }
}
