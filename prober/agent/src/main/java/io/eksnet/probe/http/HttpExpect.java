package io.eksnet.probe.http;

import com.google.re2j.Pattern;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ErrorText;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import io.eksnet.probe.net.Headers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a response must be. */
@SettingsBuilder
public record HttpExpect(
    @Setting(
            value =
                "The status codes that are a success: single codes from 100 to 999, ranges such as"
                    + " 200-299, or classes such as 2xx; `served` is every code except a 5xx from an ELB itself. A"
                    + " redirect among them is not followed.",
            fallback = "[2xx]",
            example = "[2xx, \"301\"]")
        List<String> status,
    @Setting(
            value =
                "Regular expressions that must all match the body, read in the character set of its"
                    + " content type, else UTF-8.",
            fallback = "[]",
            example = "['\"status\":\"ok\"']")
        List<Pattern> body,
    @Setting(
            value = "Regular expressions of which none may match the body.",
            fallback = "[]",
            example = "[error]")
        List<Pattern> bodyAbsent,
    @Setting(
            value =
                "Header names, each with a regular expression that must match a value of that header.",
            fallback = "{}",
            example = "{content-type: json}")
        Map<String, Pattern> headers,
    @Setting(
            value =
                "Header names, each with a regular expression that must match a value of that header"
                    + " if the response has it.",
            fallback = "{}",
            example = "{cache-control: no-store}")
        Map<String, Pattern> headersIfPresent,
    @Setting(
            value =
                "Header names, each with a regular expression that no value of that header may match;"
                    + " `.*` means that the header must be absent.",
            fallback = "{}",
            example = "{x-powered-by: '.*'}")
        Map<String, Pattern> headersAbsent,
    @Setting(
            value =
                "Whether the response must come over TLS (`true`) or without (`false`), after"
                    + " redirects; unset: either.",
            example = "true")
        Optional<Boolean> tls,
    @Setting(
            value =
                "The versions of HTTP that the response, after redirects, may have: `HTTP/1.0`,"
                    + " `HTTP/1.1`, `HTTP/2.0`; empty: any. `version` selects what the probe speaks.",
            fallback = "[]",
            example = "[HTTP/1.1, HTTP/2.0]")
        List<String> versions) {
  /** A status of 2xx, whatever the rest. */
  public static final HttpExpect SUCCESS = ConfigReader.defaults(HttpExpect.class);

  /** Any response but a 5xx from the load balancer itself; redirects are not followed. */
  public static final HttpExpect SERVED = ofStatus(List.of(ResponseMatcher.SERVED));

  public HttpExpect {
    status = List.copyOf(status);
    body = List.copyOf(body);
    bodyAbsent = List.copyOf(bodyAbsent);
    headers = Map.copyOf(headers);
    headersIfPresent = Map.copyOf(headersIfPresent);
    headersAbsent = Map.copyOf(headersAbsent);
    Objects.requireNonNull(tls);
    versions = List.copyOf(versions);
    var codes = status;
    InvalidSettingException.check("status", () -> ResponseMatcher.statuses(codes));
    versions.forEach(HttpExpect::requireVersion);
    requireNames("headers", headers);
    requireNames("headers_if_present", headersIfPresent);
    requireNames("headers_absent", headersAbsent);
  }

  /** Whether a response to a request of this version can have an expected version. */
  boolean allowsVersionOf(HttpVersion requested) {
    return versions.isEmpty() || versions.stream().anyMatch(requested::canYield);
  }

  /** Whether it has expectations of headers or of the body. */
  boolean checksContent() {
    return Stream.of(body, bodyAbsent).anyMatch(patterns -> !patterns.isEmpty())
        || Stream.of(headers, headersIfPresent, headersAbsent).anyMatch(map -> !map.isEmpty());
  }

  private static void requireVersion(String version) {
    if (!HttpVersion.RESPONSES.contains(version)) {
      throw new InvalidSettingException(
          "versions",
          ErrorText.quote(version)
              + " is not a version of HTTP that a probe receives; write "
              + String.join(", ", HttpVersion.RESPONSES));
    }
  }

  private static void requireNames(String key, Map<String, Pattern> headers) {
    headers
        .keySet()
        .forEach(name -> InvalidSettingException.check(key, () -> Headers.requireName(name)));
  }

  /** A status among these, whatever the rest. */
  public static HttpExpect ofStatus(List<String> status) {
    return HttpExpectBuilder.builder(SUCCESS).status(status).build();
  }
}
