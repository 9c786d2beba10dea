package io.eksnet.probe.http;

import io.eksnet.fuzz.Parser;
import java.util.List;

/** What this package reads of others. */
public final class HttpParsers {
  private static final Url HOME = Url.parse("http://home.test/a/b?c");

  private HttpParsers() {}

  public static List<Parser> all() {
    return List.of(
        Parser.strict("url", text -> sound(Url.parse(text)), "https://a.test:8443/p?q=1#f"),
        Parser.strict(
            "location",
            text -> sound(HOME.resolve(text)),
            "../x?y",
            "//b.test/",
            "/c",
            "file:///etc/passwd",
            "http://u:p@c.test/",
            "?a",
            "h:"),
        Parser.strict(
            "status", text -> ResponseMatcher.statuses(List.of(text)), "2xx", "200-299", "404"));
  }

  private static void sound(Url url) {
    if (!url.path().startsWith("/")
        || !url.path().chars().allMatch(c -> c > ' ' && c < 0x7f)
        || url.origin().contains("@")
        || !Url.parse(url.origin() + url.path()).equals(url)) {
      throw new AssertionError("not what can be sent: " + url);
    }
  }
}
