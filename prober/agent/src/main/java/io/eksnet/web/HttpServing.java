package io.eksnet.web;

import io.eksnet.config.Setting;
import java.util.Map;
import java.util.Set;

/** How HTTP is spoken. */
public record HttpServing(
    @Setting(value = "Whether HTTP/2 is offered; over TLS only.", fallback = "true") boolean http2,
    @Setting(
            value = "Headers of all answers, instead of the built-in ones of the same name.",
            fallback = "{}",
            example = "{Strict-Transport-Security: max-age=31536000}")
        Map<String, String> headers) {
  /** Those of the exporter toolkit. */
  private static final Set<String> KNOWN =
      Set.of(
          "Content-Security-Policy",
          "Strict-Transport-Security",
          "X-Content-Type-Options",
          "X-Frame-Options",
          "X-XSS-Protection");

  public HttpServing {
    headers = Map.copyOf(headers);
    headers.forEach(HttpServing::check);
  }

  private static void check(String name, String value) {
    if (!KNOWN.contains(name)) {
      throw new IllegalArgumentException(
          "headers: only "
              + String.join(", ", KNOWN.stream().sorted().toList())
              + " can be set, not \""
              + name
              + "\"");
    }
    if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "headers: the value of " + name + " must be printable ASCII on one line");
    }
  }
}
