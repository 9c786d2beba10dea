package io.eksnet.probe.tcp;

import com.google.re2j.Pattern;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.Inline;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import io.eksnet.model.Family;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.DialogueStep;
import io.eksnet.probe.net.ProbeNetwork;
import io.eksnet.probe.net.ProxyProtocol;
import io.eksnet.probe.net.StartTls;
import io.eksnet.probe.net.TlsSettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The settings of the {@code tcp} kind: what to send and what to expect. */
@SettingsBuilder
public record TcpSettings(
    @Setting(
            value =
                "Which addresses of a name to use: `any` (IPv4, or IPv6 without IPv4), `prefer_ip6` (IPv6, or"
                    + " IPv4 without IPv6), `ip4`, `ip6`, or `both`.",
            fallback = "any")
        Family family,
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
        int maxBytes,
    @Setting(
            value =
                "A conversation in turns, instead of `send` and `expect`: each step waits for an"
                    + " expression, sends, and may start TLS.",
            fallback = "[]",
            example = "[{expect: '^220 ', send: 'QUIT\\r\\n'}, {expect: '^221 '}]")
        List<TcpStep> dialogue,
    @Setting(
            value =
                "The protocol whose STARTTLS command changes the connection to TLS, before `send` or"
                    + " the dialogue.",
            example = "smtp")
        Optional<StartTls> starttls,
    @Setting(
            value =
                "TLS from the first byte, or with `starttls` after its command; `{}` for the defaults.",
            example = "{ca_file: /etc/eksnet/ca.pem}")
        Optional<TlsSettings> tls,
    @Setting(value = "The version of the PROXY protocol header to send first.", example = "v2")
        Optional<ProxyProtocol> proxyProtocol,
    @Inline ProbeNetwork network) {
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
    dialogue = List.copyOf(dialogue);
    send.ifPresent(TcpSettings::unescape);
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      throw new InvalidSettingException(
          "max_bytes", maxBytes + " is out of range; use 1 to " + MAX_BYTES);
    }
    if (!dialogue.isEmpty() && (send.isPresent() || !expect.isEmpty())) {
      throw new InvalidSettingException(
          "dialogue", "excludes send and expect; write them as steps of the dialogue");
    }
    var starts = dialogue.stream().filter(TcpStep::starttls).count();
    if (starts > 1 || (starts == 1 && starttls.isPresent())) {
      throw new InvalidSettingException(
          starttls.isPresent() ? "starttls" : "dialogue",
          "starts TLS more than once; set starttls as a key or in one step");
    }
    network.requireFamily(family);
  }

  /** The same with other addresses. */
  public TcpSettings with(AddressSelection selection) {
    return TcpSettingsBuilder.builder(this).addresses(selection).build();
  }

  /** The settings of TLS, if the connection ever uses it. */
  Optional<TlsSettings> effectiveTls() {
    var late = starttls.isPresent() || dialogue.stream().anyMatch(TcpStep::starttls);
    return tls.isPresent() || !late ? tls : Optional.of(TlsSettings.DEFAULT);
  }

  boolean beginsWithTls() {
    return tls.isPresent() && starttls.isEmpty() && dialogue.stream().noneMatch(TcpStep::starttls);
  }

  /** The conversation of a run. */
  List<DialogueStep> steps() {
    var steps = new ArrayList<DialogueStep>();
    starttls.ifPresent(protocol -> steps.addAll(protocol.steps()));
    send.map(TcpSettings::unescape).map(DialogueStep::send).ifPresent(steps::add);
    if (!expect.isEmpty()) {
      steps.add(DialogueStep.expect(expect));
    }
    dialogue.forEach(step -> steps.add(step.toDialogueStep()));
    return steps;
  }

  /**
   * The bytes of the text in UTF-8 with its escapes replaced, as Latin-1.
   *
   * @throws IllegalArgumentException on an unknown escape
   */
  static String unescape(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    var escape = ESCAPE.matcher(text);
    var end = 0;
    while (escape.find()) {
      bytes.writeBytes(text.substring(end, escape.start()).getBytes(StandardCharsets.UTF_8));
      bytes.write(unescaped(escape.group(1)));
      end = escape.end();
    }
    bytes.writeBytes(text.substring(end).getBytes(StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.ISO_8859_1);
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
