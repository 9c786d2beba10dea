package io.eksnet.lab;

import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request to the control page comes from. Any web page can make a browser send requests to
 * this machine; only the control page itself, and programs, may switch faults.
 */
record Visitor(
    boolean changes,
    @Nullable String host,
    @Nullable String origin,
    @Nullable String site,
    List<String> own) {

  static Visitor of(HttpExchange exchange, int port) {
    var headers = exchange.getRequestHeaders();
    return new Visitor(
        exchange.getRequestMethod().equals("POST"),
        headers.getFirst("Host"),
        headers.getFirst("Origin"),
        headers.getFirst("Sec-Fetch-Site"),
        List.of("127.0.0.1:" + port, "localhost:" + port));
  }

  /** Why the request is turned away; empty: it is welcome. */
  Optional<String> refusal() {
    if (host == null || !own.contains(host)) {
      return Optional.of("this page is " + own.get(0) + " and not " + host + " (DNS rebinding?)");
    }
    if (changes && origin != null && !origin.equals("http://" + host)) {
      return Optional.of("another site may not switch faults: " + origin);
    }
    if (changes && site != null && !site.equals("same-origin") && !site.equals("none")) {
      return Optional.of("another site may not switch faults: " + site);
    }
    return Optional.empty();
  }
}
