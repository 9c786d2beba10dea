package io.eksnet.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Inline style and script of a status page.
 *
 * @param script empty: the page has none
 */
public record PageAssets(String style, String script) {
  /** Reads a style sheet from the package of {@code page}. */
  public static PageAssets load(Class<?> page, String style) {
    return new PageAssets(read(page, style), "");
  }

  /** Reads a style sheet and a script from the package of {@code page}. */
  public static PageAssets load(Class<?> page, String style, String script) {
    return new PageAssets(read(page, style), read(page, script));
  }

  /**
   * Allows these two, unchanged, an icon in the page itself, and requests of the script to its own
   * origin; nothing else.
   */
  public String contentSecurityPolicy() {
    return "default-src 'none'; img-src data:; style-src "
        + hash(style)
        + (script.isEmpty() ? "" : "; script-src " + hash(script) + "; connect-src 'self'")
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  private static String hash(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String read(Class<?> page, String name) {
    try (var in = page.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name + " of " + page.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
