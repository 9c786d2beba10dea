package io.eksnet.probe.tcp;

import com.google.re2j.Pattern;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.probe.net.DialogueStep;
import java.util.Optional;

/** A turn of the {@code dialogue} of the {@code tcp} kind. */
public record TcpStep(
    @Setting(
            value =
                "The regular expression to wait for, in what the peer sent since the last match or the"
                    + " last `send`, read as Latin-1; `^` and `$` match at the ends of lines.",
            example = "'^220 '")
        Optional<Pattern> expect,
    @Setting(
            value = "What to send then, with the escapes `\\r`, `\\n`, `\\t`, `\\\\` and `\\x41`.",
            example = "'EHLO eksnet\\r\\n'")
        Optional<String> send,
    @Setting(value = "Whether to make a TLS handshake then.", fallback = "false")
        boolean starttls) {
  public TcpStep {
    if (expect.isEmpty() && send.isEmpty() && !starttls) {
      throw new InvalidSettingException(
          "expect", "a step needs expect, send or starttls; write one or remove the step");
    }
    send.ifPresent(TcpSettings::unescape);
  }

  DialogueStep toDialogueStep() {
    return new DialogueStep(
        expect.stream()
            .map(regex -> Pattern.compile(regex.pattern(), regex.flags() | Pattern.MULTILINE))
            .toList(),
        Optional.empty(),
        send.map(TcpSettings::unescape).orElse(""),
        starttls);
  }
}
