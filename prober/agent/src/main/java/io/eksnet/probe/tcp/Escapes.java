package io.eksnet.probe.tcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes as a person writes them. */
final class Escapes {
  private Escapes() {}

  /**
   * The text in UTF-8, with its escapes replaced by what they stand for.
   *
   * @throws IllegalArgumentException on an escape that stands for nothing
   */
  static byte[] bytes(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    var rest = text;
    while (!rest.isEmpty()) {
      var backslash = rest.indexOf('\\');
      var plain = backslash < 0 ? rest : rest.substring(0, backslash);
      bytes.writeBytes(plain.getBytes(StandardCharsets.UTF_8));
      rest = rest.substring(plain.length());
      if (!rest.isEmpty()) {
        bytes.write(escaped(rest));
        rest = rest.substring(rest.startsWith("\\x") ? 4 : 2);
      }
    }
    return bytes.toByteArray();
  }

  private static int escaped(String rest) {
    if (rest.matches("(?s)\\\\x[0-9a-fA-F]{2}.*")) {
      return Integer.parseInt(rest.substring(2, 4), 16);
    }
    return switch (rest.length() > 1 ? rest.charAt(1) : ' ') {
      case 'r' -> '\r';
      case 'n' -> '\n';
      case 't' -> '\t';
      case '\\' -> '\\';
      default ->
          throw new IllegalArgumentException(
              "send has a backslash that starts no escape; write \\\\ for a backslash, or \\r, \\n,"
                  + " \\t or \\x and two hex digits");
    };
  }
}
