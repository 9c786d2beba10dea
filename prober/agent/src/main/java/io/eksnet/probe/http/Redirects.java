package io.eksnet.probe.http;

import java.util.List;
import java.util.Set;

/**
 * Which redirects are followed.
 *
 * @param max how many; 0: none
 * @param hosts besides the target's own
 * @param ownBody whether the body of requests is for the target's own origin only
 */
record Redirects(int max, List<String> hosts, boolean ownBody) {
  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  sealed interface Decision {}

  /** The response is the final one; the remark is why a redirect is not followed. */
  record Stop(String remark) implements Decision {}

  record Follow(Url url, String method, boolean withBody) implements Decision {}

  Decision decide(HttpResponseData response, HttpRequestSpec request, Url home) {
    if (!STATUSES.contains(response.status()) || max == 0) {
      return new Stop("");
    }
    // curl and Go take the first of several.
    var location = response.header("location").stream().findFirst().orElse("");
    if (location.isEmpty()) {
      return new Stop("; the redirect has no Location header");
    }
    Url url;
    try {
      url = request.url().resolve(location);
    } catch (IllegalArgumentException e) {
      return new Stop("; the Location of the redirect is not an HTTP URL");
    }
    if (!url.host().equals(home.host()) && !hosts.contains(url.host())) {
      return new Stop(
          "; redirect to " + url.host() + " not followed, add it to redirect_hosts to allow it");
    }
    var follow = follow(response.status(), request, url);
    if (follow.withBody() && ownBody && !url.hasOriginOf(home)) {
      return new Stop(
          "; redirect to "
              + url.origin()
              + " not followed: body_file is sent to the target's own origin only");
    }
    return follow;
  }

  /** RFC 9110 section 15.4: 307 and 308 repeat the request, the others turn a POST into a GET. */
  private static Follow follow(int status, HttpRequestSpec request, Url url) {
    var repeats = status == 307 || status == 308;
    var becomesGet =
        status == 303 ? !request.isHead() : !repeats && request.method().equals("POST");
    return becomesGet
        ? new Follow(url, "GET", false)
        : new Follow(url, request.method(), repeats || request.hasBody());
  }
}
