package io.eksnet.probe.net;

import java.net.IDN;
import java.util.Locale;

/**
 * Where to connect to, in the user's words.
 *
 * @param host a name in ASCII (RFC 5891) or an address literal without brackets
 * @param port 1 to 65535, or -1 where none was given
 */
public record HostPort(String host, int port) {
  private static final int LONGEST_HOST = 253;

  /**
   * From {@code host:port}, {@code [IPv6]:port} or without port.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  public static HostPort parse(String text) {
    if (text.startsWith("[")) {
      var end = text.indexOf(']');
      if (end < 0 || Literals.parse(text.substring(1, end)).isEmpty()) {
        throw new IllegalArgumentException(
            "\"" + text + "\" must have an IPv6 address in its brackets, as in [fd00::1]:443");
      }
      return new HostPort(text.substring(1, end), port(text, text.substring(end + 1)));
    }
    var colon = text.indexOf(':');
    if (colon >= 0 && colon != text.lastIndexOf(':')) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is ambiguous: write an IPv6 address in brackets, as in [fd00::1]:443");
    }
    return colon < 0
        ? new HostPort(requireHost(text), -1)
        : new HostPort(requireHost(text.substring(0, colon)), port(text, text.substring(colon)));
  }

  /** The port, or {@code fallback} where none was given. */
  public int portOr(int fallback) {
    return port < 0 ? fallback : port;
  }

  /**
   * The host in lower-case ASCII, checked.
   *
   * @throws IllegalArgumentException if it is no name
   */
  public static String requireHost(String host) {
    if (Literals.parse(host).isPresent()) {
      return host;
    }
    var ascii = ascii(host);
    if (ascii.isEmpty()
        || ascii.length() > LONGEST_HOST
        || !ascii.chars().allMatch(HostPort::isOfNames)) {
      throw new IllegalArgumentException(
          "\"" + host + "\" is not a host: give a name such as shop.example.com or an address");
    }
    return ascii;
  }

  private static String ascii(String host) {
    try {
      return IDN.toASCII(host).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Names in clusters hold underscores too. */
  private static boolean isOfNames(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  }

  private static int port(String text, String colonAndPort) {
    if (colonAndPort.isEmpty()) {
      return -1;
    }
    if (!colonAndPort.matches(":[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" must end with a colon and a port of 1 to 65535");
    }
    var port = Integer.parseInt(colonAndPort.substring(1));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "the port of \"" + text + "\" must be 1 to 65535, not " + port);
    }
    return port;
  }
}
