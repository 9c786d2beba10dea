package io.eksnet.web;

import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import java.util.Map;
import java.util.Set;

/** HTTP protocol settings. */
public record HttpServing(
    @Setting(value = "Offer HTTP/2; over TLS only.", fallback = "true") boolean http2,
    @Setting(
            value = "Headers of all responses; they replace built-in headers of the same name.",
            fallback = "{}",
            example = "{Strict-Transport-Security: max-age=31536000}")
        Map<String, String> headers) {
  /** The headers that the exporter toolkit supports. */
  private static final Set<String> ALLOWED =
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
    if (!ALLOWED.contains(name)) {
      throw new InvalidSettingException(
          "headers",
          "only "
              + String.join(", ", ALLOWED.stream().sorted().toList())
              + " can be set, not \""
              + name
              + "\"");
    }
    if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new InvalidSettingException(
          "headers", "the value of " + name + " must be printable ASCII on one line");
    }
  }
}
