package io.eksnet.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** The origin of a request as a browser declares it (W3C Fetch Metadata). */
final class FetchMetadata {
  private static final Set<String> SAME_SITE = Set.of("same-origin", "none");

  private FetchMetadata() {}

  /** Whether a web page of another site sent the request. */
  static boolean isFromOtherSite(HttpServerRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    return site != null && !SAME_SITE.contains(site);
  }

  /** Whether any web page sent the request, not a program or a user who typed the address. */
  static boolean isFromWebPage(HttpServerRequest request) {
    return request.getHeader("Origin") != null || isFromOtherSite(request);
  }
}
