package io.eksnet.probe.http;

import com.google.re2j.Pattern;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import java.util.List;
import java.util.Map;

/** What an answer must be. */
public record HttpExpect(
    @Setting(
            value =
                "The status codes that are a success: single codes, ranges such as 200-299, or"
                    + " classes such as 2xx; `served` is every code except a 5xx from an ELB itself. A"
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
        Map<String, Pattern> headers) {
  /** A status of 2xx, whatever the rest. */
  public static final HttpExpect SUCCESS =
      new HttpExpect(List.of("2xx"), List.of(), List.of(), Map.of());

  /** Any response but a 5xx from the load balancer itself; redirects are not followed. */
  public static final HttpExpect SERVED =
      new HttpExpect(List.of(ResponseMatcher.SERVED), List.of(), List.of(), Map.of());

  public HttpExpect {
    status = List.copyOf(status);
    body = List.copyOf(body);
    bodyAbsent = List.copyOf(bodyAbsent);
    headers = Map.copyOf(headers);
    var codes = status;
    InvalidSettingException.check("status", () -> ResponseMatcher.statuses(codes));
    headers
        .keySet()
        .forEach(name -> InvalidSettingException.check("headers", () -> Headers.requireName(name)));
  }
}
