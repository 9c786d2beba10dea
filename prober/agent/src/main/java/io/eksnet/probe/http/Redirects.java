package io.eksnet.probe.http;

import java.util.List;
import java.util.Set;

/**
 * Which redirects are followed.
 *
 * @param max how many; 0: none
 * @param hosts besides the target's own
 */
record Redirects(int max, List<String> hosts) {
  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  sealed interface Decision {}

  /** The response is the final one; a remark says why a redirect is not followed. */
  record Stop(String remark) implements Decision {}

  record Follow(Url url, String method, boolean withBody) implements Decision {}

  Decision decide(HttpResponseData response, HttpRequestSpec request, Url home) {
    if (!STATUSES.contains(response.status()) || max == 0) {
      return new Stop("");
    }
    var locations = response.header("location");
    if (locations.size() != 1) {
      return new Stop("; the redirect has no Location header");
    }
    Url url;
    try {
      url = request.url().resolve(locations.get(0));
    } catch (IllegalArgumentException e) {
      return new Stop("; the Location of the redirect is not an HTTP URL");
    }
    if (!url.host().equals(home.host()) && !hosts.contains(url.host())) {
      return new Stop(
          "; redirect to " + url.host() + " not followed, add it to redirect_hosts to allow it");
    }
    return follow(response.status(), request, url);
  }

  /** RFC 9110 section 15.4: 307 and 308 repeat the request, the others turn a POST into a GET. */
  private static Follow follow(int status, HttpRequestSpec request, Url url) {
    var repeats = status == 307 || status == 308;
    var becomesGet =
        status == 303 ? !request.isHead() : !repeats && request.method().equals("POST");
    return becomesGet
        ? new Follow(url, "GET", false)
        : new Follow(url, request.method(), repeats || !request.body().isEmpty());
  }
}
