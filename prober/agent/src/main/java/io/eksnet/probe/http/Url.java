package io.eksnet.probe.http;

import io.eksnet.model.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An absolute HTTP URL without its fragment. Scheme, host and port are its origin (RFC 6454), to
 * which credentials are bound.
 *
 * @param path with its query
 */
record Url(boolean secure, String host, int port, String path) {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");
  private static final Pattern HIERARCHY = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** ASCII characters that browsers percent-encode in a path. */
  private static final String ENCODED = "\"<>\\^`{}";

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
    // An empty port is the default one (RFC 3986 section 6.2.3).
    var address =
        HostPort.parse(
            authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority);
    return new Url(
        secure, address.host(), address.portOr(defaultPort(secure)), path(rest.substring(end)));
  }

  /**
   * The URL that the value of a Location header means (RFC 3986 section 5.2). Characters that a URL
   * cannot hold are percent-encoded, as browsers do (WHATWG URL, percent-encode sets).
   *
   * @param reference as it came: a character for each byte
   * @throws IllegalArgumentException if it is not an HTTP URL
   */
  Url resolve(String reference) {
    var text = encoded(reference);
    if (SCHEME.matcher(text).lookingAt()) {
      if (!startsWith(text, HTTP) && !startsWith(text, HTTPS)) {
        throw new IllegalArgumentException("not an HTTP URL");
      }
      return parse(text).withoutDotSegments();
    }
    if (text.startsWith("//")) {
      return parse(scheme() + ":" + text).withoutDotSegments();
    }
    var end = endOfPath(text);
    var query = text.substring(end);
    if (end == 0) {
      return query.startsWith("?") ? withPath(bare() + query) : this;
    }
    var directory = bare().substring(0, bare().lastIndexOf('/') + 1);
    return withPath(text.startsWith("/") ? text : directory + text).withoutDotSegments();
  }

  /** Without the query, which may hold secrets. */
  String withoutQuery() {
    var bare = bare();
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

  /** RFC 3986 section 5.2.4. */
  private Url withoutDotSegments() {
    var before = bare();
    var segments = new ArrayList<String>();
    var parts = before.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      var isLast = i == parts.length - 1;
      if (parts[i].equals("..")) {
        if (!segments.isEmpty()) {
          segments.remove(segments.size() - 1);
        }
      } else if (!parts[i].equals(".")) {
        segments.add(parts[i]);
        continue;
      }
      if (isLast) {
        segments.add("");
      }
    }
    return withPath("/" + String.join("/", segments) + path.substring(before.length()));
  }

  /** The host is left as it is, in UTF-8, for {@link HostPort} to convert. */
  private static String encoded(String reference) {
    var start = 0;
    if (reference.startsWith("//") || HIERARCHY.matcher(reference).lookingAt()) {
      start = reference.indexOf("//") + 2;
      start += endOfAuthority(reference.substring(start));
    }
    var text =
        new StringBuilder(
            new String(
                reference.substring(0, start).getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.UTF_8));
    for (var b : reference.substring(start).getBytes(StandardCharsets.ISO_8859_1)) {
      if (b > ' ' && b < 0x7f && ENCODED.indexOf(b) < 0) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX.toHexDigits(b));
      }
    }
    return text.toString();
  }

  private static int defaultPort(boolean secure) {
    return secure ? 443 : 80;
  }

  /** The path without the query. */
  String bare() {
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
    return endBefore("/?#", rest);
  }

  private static int endOfPath(String rest) {
    return endBefore("?#", rest);
  }

  private static int endBefore(String delimiters, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (delimiters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static boolean startsWith(String text, String scheme) {
    return text.length() >= scheme.length()
        && text.substring(0, scheme.length()).toLowerCase(Locale.ROOT).equals(scheme);
  }
}
