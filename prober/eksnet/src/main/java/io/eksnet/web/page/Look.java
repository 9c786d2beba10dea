package io.eksnet.web.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Style and script of the page; nothing else may run or load. */
public final class Look {
  static final String STYLE = file("page.css");
  static final String SCRIPT = file("page.js");

  /** The content security policy under which the page and its stream are served. */
  public static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + sha256(STYLE)
          + "'; script-src 'sha256-"
          + sha256(SCRIPT)
          + "'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Look() {}

  /** The source expression of an inline style or script, without its prefix. */
  public static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String file(String name) {
    try (var in = Look.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its own file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
