package io.eksnet.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as they are written; no name is ever looked up. */
public final class AddressLiteral {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IP4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);

  /** Hexadecimal groups, perhaps with IPv4 at the end, perhaps with a zone (RFC 4007 11.2). */
  private static final Pattern IP6 =
      Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[0-9a-zA-Z_.-]+)?");

  private AddressLiteral() {}

  /** Whether {@code text} is an address of the host that reads it. */
  public static boolean isLoopback(String text) {
    return parse(text).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /** The address, or empty when {@code text} is something else, such as a name. */
  public static Optional<InetAddress> parse(String text) {
    if (!IP4.matcher(text).matches() && !IP6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Of the ranges that RFC 1918, 2544, 6598, 4193 and 1122 keep off the Internet. */
  public static boolean isPrivate(InetAddress address) {
    var bytes = address.getAddress();
    var first = bytes[0] & 0xff;
    if (address.isLoopbackAddress()) {
      return true;
    }
    return bytes.length == 4
        ? address.isSiteLocalAddress()
            || (first == 100 && (bytes[1] & 0xc0) == 64)
            || (first == 198 && (bytes[1] & 0xfe) == 18)
        : (first & 0xfe) == 0xfc;
  }
}
