package io.eksnet.probe.net;

import io.eksnet.config.BoundedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads the files of probes within limits of size and time ({@link BoundedFile}). They may be
 * secrets, so that their content is never in a message.
 */
public final class SecretFile {
  /** What a ConfigMap or Secret of Kubernetes can hold. */
  static final int MAX_PEM_BYTES = 1_048_576;

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
    return bytes("the file", file, max);
  }

  /** The same; messages begin with {@code name}, such as that of the setting. */
  static byte[] bytes(String name, Path file, int max) throws LocalFailure {
    try {
      return new BoundedFile(file, max).read();
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw new LocalFailure(name + " " + file + " cannot be read");
    } catch (IOException e) {
      throw new LocalFailure(name + " " + file + " cannot be read: " + e.getMessage());
    }
  }
}
