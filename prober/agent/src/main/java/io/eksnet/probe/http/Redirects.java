package io.eksnet.probe.http;

import java.util.List;
import java.util.Set;

/** Which answers send on to elsewhere, and whether one goes there. */
final class Redirects {
  private static final Set<Integer> CODES = Set.of(301, 302, 303, 307, 308);

  private final int most;
  private final List<String> hosts;

  /**
   * @param hosts besides the target's own
   */
  Redirects(int most, List<String> hosts) {
    this.most = most;
    this.hosts = hosts;
  }

  int most() {
    return most;
  }

  /** What an answer means for the way. */
  sealed interface Way {}

  /** The answer is the answer; a remark says why a redirect was not followed. */
  record Stay(String remark) implements Way {}

  /** On to this request. */
  record GoOn(Url url, String method, boolean withBody) implements Way {}

  /** Where {@code answer} to {@code ask} leads. */
  Way of(Answer answer, Ask ask, Origin home) {
    if (!CODES.contains(answer.status()) || most == 0) {
      return new Stay("");
    }
    var locations = answer.header("location");
    if (locations.size() != 1) {
      return new Stay("; a redirect without a location");
    }
    Url url;
    try {
      url = ask.url().resolve(locations.get(0));
    } catch (IllegalArgumentException e) {
      return new Stay("; a redirect to what is no URL of HTTP");
    }
    var host = url.origin().host();
    if (!host.equals(home.host()) && !hosts.contains(host)) {
      return new Stay(
          "; the redirect to " + host + " is not followed, as redirect_hosts does not name it");
    }
    return goOn(answer.status(), ask, url);
  }

  /** RFC 9110 section 15.4: 307 and 308 repeat the request, the others turn into a GET. */
  private static GoOn goOn(int status, Ask ask, Url url) {
    var repeats = status == 307 || status == 308;
    var becomesGet = status == 303 ? !ask.isHead() : !repeats && ask.method().equals("POST");
    return becomesGet
        ? new GoOn(url, "GET", false)
        : new GoOn(url, ask.method(), repeats || !ask.body().isEmpty());
  }
}
