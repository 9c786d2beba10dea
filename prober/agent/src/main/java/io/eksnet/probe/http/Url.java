package io.eksnet.probe.http;

import io.eksnet.model.HostPort;
import java.net.URI;
import java.util.Locale;

/**
 * An absolute HTTP URL without its fragment. Scheme, host and port are its origin (RFC 6454), to
 * which credentials are bound.
 *
 * @param path with its query
 */
record Url(boolean secure, String host, int port, String path) {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  /**
   * From the config or a Location header.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy; does not repeat credentials
   */
  static Url parse(String text) {
    var secure = startsWith(text, HTTPS);
    if (!secure && !startsWith(text, HTTP)) {
      throw new IllegalArgumentException(
          "an http target is a URL that starts with http:// or https://");
    }
    var rest = text.substring(secure ? HTTPS.length() : HTTP.length());
    var end = endOfAuthority(rest);
    var authority = rest.substring(0, end);
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "a URL must not hold credentials; give them by file, with basic_auth or"
              + " bearer_token_file");
    }
    var address = HostPort.parse(authority);
    return new Url(
        secure, address.host(), address.portOr(defaultPort(secure)), path(rest.substring(end)));
  }

  /** The URL that a reference such as a Location header means (RFC 3986 section 5). */
  Url resolve(String reference) {
    if (startsWith(reference, HTTP) || startsWith(reference, HTTPS)) {
      return parse(reference);
    }
    if (reference.startsWith("//")) {
      return parse(scheme() + ":" + reference);
    }
    if (reference.startsWith("/")) {
      return withPath(reference);
    }
    if (reference.isEmpty() || reference.startsWith("#")) {
      return this;
    }
    if (reference.startsWith("?")) { // URI is of RFC 2396 and would cut the path
      return withPath(beforeQuery() + reference);
    }
    var resolved = URI.create(origin() + path).resolve(reference);
    if (resolved.getRawAuthority() == null || resolved.isOpaque()) {
      throw new IllegalArgumentException("not an HTTP URL");
    }
    return parse(resolved.toString());
  }

  /** Without the query, which may hold secrets. */
  String withoutQuery() {
    var bare = beforeQuery();
    return origin() + bare + (bare.length() < path.length() ? "?…" : "");
  }

  String scheme() {
    return secure ? "https" : "http";
  }

  /** The host, and the port if it is not the default of the scheme. */
  String authority() {
    return new HostPort(host, port == defaultPort(secure) ? -1 : port).toString();
  }

  String origin() {
    return scheme() + "://" + authority();
  }

  boolean hasOriginOf(Url other) {
    return origin().equals(other.origin());
  }

  private Url withPath(String text) {
    return new Url(secure, host, port, path(text));
  }

  private static int defaultPort(boolean secure) {
    return secure ? 443 : 80;
  }

  private String beforeQuery() {
    var query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  private static String path(String rest) {
    var fragment = rest.indexOf('#');
    var sent = fragment < 0 ? rest : rest.substring(0, fragment);
    if (!sent.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "the path and query of a URL are ASCII without spaces; percent-encode other characters");
    }
    return sent.startsWith("/") ? sent : "/" + sent;
  }

  private static int endOfAuthority(String rest) {
    for (int i = 0; i < rest.length(); i++) {
      if ("/?#".indexOf(rest.charAt(i)) >= 0) {
        return i;
      }
    }
    return rest.length();
  }

  private static boolean startsWith(String text, String scheme) {
    return text.length() >= scheme.length()
        && text.substring(0, scheme.length()).toLowerCase(Locale.ROOT).equals(scheme);
  }
}
