package io.eksnet.controller.page;

import io.eksnet.web.Html;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Style and script of the page; nothing else may run or load. */
public final class Theme {
  static final String STYLE = file("page.css");
  static final String SCRIPT = file("page.js");

  /** The content security policy under which the page and its stream are served. */
  public static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + Html.sha256(STYLE)
          + "'; script-src 'sha256-"
          + Html.sha256(SCRIPT)
          + "'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Theme() {}

  private static String file(String name) {
    try (var in = Theme.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its own file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
