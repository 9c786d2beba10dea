package io.eksnet.probe.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files with secrets; their content is never in a message. */
public final class SecretFile {
  private static final int MAX_BYTES = 8192;

  private SecretFile() {}

  /** The content without the line end that editors add. */
  public static String text(Path file) throws LocalFailure {
    return new String(bytes(file, MAX_BYTES), StandardCharsets.UTF_8)
        .replaceFirst("[\\r\\n]+\\z", "");
  }

  /** The same, if it can be the value of a header. */
  public static String header(Path file) throws LocalFailure {
    var value = text(file);
    if (!Headers.isValue(value)) {
      throw new LocalFailure(
          "the file " + file + " must hold one line that can be sent in a header");
    }
    return value;
  }

  /** The content, at most {@code max} bytes. */
  public static byte[] bytes(Path file, int max) throws LocalFailure {
    try {
      if (Files.size(file) > max) {
        throw new LocalFailure("the file " + file + " is longer than " + max + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new LocalFailure("the file " + file + " cannot be read");
    }
  }
}
