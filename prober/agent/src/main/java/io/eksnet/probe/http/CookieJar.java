package io.eksnet.probe.http;

import io.eksnet.model.AddressLiteral;
import io.eksnet.probe.net.Headers;
import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The cookies of one run, from its first request to its last redirect (RFC 6265). Without a list of
 * public suffixes: redirects are followed to configured hosts only.
 */
final class CookieJar {
  /** RFC 6265 section 6.1 asks for 4096 bytes per cookie and 50 per domain. */
  private static final int MAX_LENGTH = 4096;

  private static final int MAX_COOKIES = 50;
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e\\x80-\\xff]*");
  private static final Pattern MAX_AGE = Pattern.compile("-?\\d{1,18}");

  private final List<Cookie> cookies = new ArrayList<>();

  private record Cookie(
      String name, String value, String domain, boolean hostOnly, String path, boolean secure) {
    boolean replaces(Cookie other) {
      return name.equals(other.name) && domain.equals(other.domain) && path.equals(other.path);
    }

    boolean isFor(Url url) {
      return (hostOnly ? url.host().equals(domain) : isWithin(url.host(), domain))
          && (url.secure() || !secure)
          && covers(url.bare());
    }

    /** RFC 6265 section 5.1.4. */
    private boolean covers(String requested) {
      return requested.equals(path)
          || (requested.startsWith(path)
              && (path.endsWith("/") || requested.charAt(path.length()) == '/'));
    }
  }

  /**
   * Takes the Set-Cookie headers of a response (RFC 6265 section 5.3); invalid ones are ignored.
   */
  void store(Url url, List<String> headers, Instant now) {
    headers.forEach(header -> store(url, header, now));
  }

  private void store(Url url, String header, Instant now) {
    var parts = header.split(";", -1);
    var equals = parts[0].indexOf('=');
    if (equals < 0 || header.length() > MAX_LENGTH || !PRINTABLE.matcher(header).matches()) {
      return;
    }
    var name = parts[0].substring(0, equals).strip();
    var domain = attribute(parts, "domain").map(CookieJar::withoutDot).orElse("");
    if (name.isEmpty() || (!domain.isEmpty() && !maySet(url.host(), domain))) {
      return;
    }
    var path = attribute(parts, "path").filter(given -> given.startsWith("/"));
    var cookie =
        new Cookie(
            name,
            parts[0].substring(equals + 1).strip(),
            domain.isEmpty() ? url.host() : domain,
            domain.isEmpty() || (domain.equals(url.host()) && isAddress(domain)),
            path.orElseGet(() -> defaultPath(url.bare())),
            attribute(parts, "secure").isPresent());
    cookies.removeIf(cookie::replaces);
    if (!isExpired(parts, now) && cookies.size() < MAX_COOKIES) {
      cookies.add(cookie);
    }
  }

  /** The Cookie header for a request, longer paths first (RFC 6265 section 5.4). */
  Optional<String> header(Url url) {
    var matching =
        cookies.stream()
            .filter(cookie -> cookie.isFor(url))
            .sorted(Comparator.comparing((Cookie cookie) -> -cookie.path().length()))
            .map(cookie -> cookie.name() + "=" + cookie.value())
            .collect(Collectors.joining("; "));
    return matching.isEmpty() ? Optional.empty() : Optional.of(matching);
  }

  /** The value of the last attribute of this name; empty for one without a value. */
  private static Optional<String> attribute(String[] parts, String name) {
    Optional<String> value = Optional.empty();
    for (int i = 1; i < parts.length; i++) {
      var equals = parts[i].indexOf('=');
      var key = equals < 0 ? parts[i] : parts[i].substring(0, equals);
      if (key.strip().equalsIgnoreCase(name)) {
        value = Optional.of(equals < 0 ? "" : parts[i].substring(equals + 1).strip());
      }
    }
    return value;
  }

  /** Max-Age wins over Expires (RFC 6265 section 5.3). */
  private static boolean isExpired(String[] parts, Instant now) {
    var maxAge = attribute(parts, "max-age").filter(MAX_AGE.asMatchPredicate());
    if (maxAge.isPresent()) {
      return Long.parseLong(maxAge.get()) <= 0;
    }
    return attribute(parts, "expires")
        .map(DateFormatter::parseHttpDate)
        .filter(date -> !date.toInstant().isAfter(now))
        .isPresent();
  }

  /**
   * A host sets cookies for itself and for the domains above it, but not for a top-level domain.
   */
  private static boolean maySet(String host, String domain) {
    return host.equals(domain)
        || (isWithin(host, domain) && domain.indexOf('.') > 0 && !isAddress(host));
  }

  private static boolean isWithin(String host, String domain) {
    return host.equals(domain) || host.endsWith("." + domain);
  }

  private static boolean isAddress(String host) {
    return AddressLiteral.parse(host).isPresent();
  }

  private static String withoutDot(String domain) {
    return Headers.lower(domain.startsWith(".") ? domain.substring(1) : domain);
  }

  /** RFC 6265 section 5.1.4. */
  private static String defaultPath(String path) {
    var slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
