package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * Writes events as logfmt: {@code ts=… level=info msg="target failed" probe=shop cause=timeout}.
 */
final class Logfmt extends EncoderBase<ILoggingEvent> {
  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new StringBuilder(160);
    field(line, "ts", event.getInstant());
    field(line, "level", event.getLevel().toString().toLowerCase(Locale.ROOT));
    field(line, "msg", event.getFormattedMessage());
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> field(line, pair.key, pair.value));
    }
    if (event.getThrowableProxy() != null) {
      field(line, "err", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.append('\n').toString().getBytes(UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  private static void field(StringBuilder line, String key, Object value) {
    if (line.length() > 0) {
      line.append(' ');
    }
    line.append(key).append('=');
    var text = String.valueOf(value);
    if (!text.isEmpty() && text.chars().allMatch(Logfmt::isPlain)) {
      line.append(text);
      return;
    }
    line.append('"');
    text.codePoints().forEach(c -> escaped(line, c));
    line.append('"');
  }

  private static boolean isPlain(int c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
  }

  private static void escaped(StringBuilder line, int c) {
    switch (c) {
      case '"' -> line.append("\\\"");
      case '\\' -> line.append("\\\\");
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        if (Character.isISOControl(c)) {
          line.append(String.format("\\u%04x", c));
        } else {
          line.appendCodePoint(c);
        }
      }
    }
  }
}
