package io.eksnet.probe.http;

import io.eksnet.model.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP proxy.
 *
 * @param credentials the value of the Proxy-Authorization header
 */
record ProxyAddress(String host, int port, Optional<String> credentials) {
  private static final String HTTP = "http://";

  /** As Go and curl take it: 80 for {@code http://proxy}. */
  private static final int DEFAULT_PORT = 80;

  /**
   * From the config, where credentials have no place.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  static ProxyAddress parse(String url) {
    if (url.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "must not hold credentials; give them by file, with proxy_basic_auth");
    }
    return parse(url, Optional.empty());
  }

  /** From an environment variable, which may hold credentials and omit the scheme. */
  static ProxyAddress ofEnvironment(String variable) {
    var url = variable.contains("://") ? variable : HTTP + variable;
    var at = url.lastIndexOf('@');
    if (at < 0) {
      return parse(url, Optional.empty());
    }
    var start = url.indexOf("://") + 3;
    var pair =
        java.net.URLDecoder.decode(
            url.substring(start, at).replace("+", "%2B"), StandardCharsets.UTF_8);
    return parse(url.substring(0, start) + url.substring(at + 1), Optional.of(basic(pair)));
  }

  private static ProxyAddress parse(String url, Optional<String> credentials) {
    if (!url.toLowerCase(Locale.ROOT).startsWith(HTTP)) {
      throw new IllegalArgumentException(
          "a proxy is a URL such as http://proxy.example.com:3128; other schemes are not"
              + " supported");
    }
    var authority = url.substring(HTTP.length());
    var place =
        HostPort.parse(
            authority.endsWith("/") ? authority.substring(0, authority.length() - 1) : authority);
    return new ProxyAddress(place.host(), place.portOr(DEFAULT_PORT), credentials);
  }

  /** The value of an Authorization header of the basic scheme (RFC 7617). */
  static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  ProxyAddress with(Optional<String> given) {
    return new ProxyAddress(host, port, given);
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return new HostPort(host, port).toString();
  }
}
