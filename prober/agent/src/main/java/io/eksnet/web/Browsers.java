package io.eksnet.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** What a browser says of where a request comes from (Fetch Metadata, W3C). */
final class Browsers {
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private Browsers() {}

  /** Whether a page of somebody else's makes it. */
  static boolean fromAnotherPage(HttpServerRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    return site != null && !OWN.contains(site);
  }

  /** Whether a page makes it at all, and not a program or a user who typed the address. */
  static boolean fromAPage(HttpServerRequest request) {
    return request.getHeader("Origin") != null || fromAnotherPage(request);
  }
}
