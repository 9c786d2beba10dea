package io.eksnet.model;

import java.net.IDN;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host with an optional port, as users write it.
 *
 * @param host a name in lower-case ASCII (RFC 5891) or an address literal without brackets
 * @param port 1 to 65535, or -1 where none was given
 */
public record HostPort(String host, int port) {
  private static final int MAX_HOST_LENGTH = 253;

  /** Names in clusters have underscores, too; hyphens at the ends are harmless. */
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_-]{1,63}");

  /** Such as 10.0.0.256: no top-level domain is a number. */
  private static final Pattern BROKEN_ADDRESS = Pattern.compile("[0-9.]+");

  /**
   * From {@code host:port}, {@code [IPv6]:port} or without port.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  public static HostPort parse(String text) {
    if (text.startsWith("[")) {
      var end = text.indexOf(']');
      if (end < 0 || !AddressLiteral.isAddress(text.substring(1, end))) {
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

  public static HostPort of(InetSocketAddress address) {
    return new HostPort(AddressLiteral.text(address.getAddress()), address.getPort());
  }

  /** The host and port of a URI. */
  public static HostPort of(URI uri, int defaultPort) {
    var host = withoutBrackets(uri.getHost());
    return new HostPort(host, uri.getPort() < 0 ? defaultPort : uri.getPort());
  }

  /** The port, or {@code otherwise} where none was given. */
  public int portOr(int otherwise) {
    return port < 0 ? otherwise : port;
  }

  /**
   * The host in lower-case ASCII, checked.
   *
   * @throws IllegalArgumentException if it is neither a name nor an address literal
   */
  public static String requireHost(String host) {
    if (AddressLiteral.isAddress(host)) {
      return host;
    }
    var ascii = ascii(host);
    var absolute = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    if (ascii.length() > MAX_HOST_LENGTH
        || BROKEN_ADDRESS.matcher(ascii).matches()
        || !Arrays.stream(absolute.split("\\.", -1)).allMatch(LABEL.asMatchPredicate())) {
      throw new IllegalArgumentException(
          "\"" + host + "\" is not a host: give a name such as shop.example.com or an address");
    }
    return ascii;
  }

  /** As {@link #parse} takes it: {@code host:port}, {@code [IPv6]:port} or without port. */
  @Override
  public String toString() {
    var bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port < 0 ? bracketed : bracketed + ":" + port;
  }

  /** An IPv6 address of a URL as a host. */
  public static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** The host by IDNA, in lower case; empty if it has no ASCII form. */
  private static String ascii(String host) {
    if (host.length() > MAX_HOST_LENGTH) {
      return ""; // newer JDKs throw another exception for very long input
    }
    try {
      return IDN.toASCII(host).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
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
