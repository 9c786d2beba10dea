package io.eksnet.model;

import java.net.Inet6Address;
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

  /**
   * Whether {@code text} is 127.0.0.1 or ::1, also mapped to IPv6 (RFC 4291 2.5.5.2). Other
   * addresses of 127.0.0.0/8 may be proxies: Istio delivers inbound traffic from 127.0.0.6.
   */
  public static boolean isLocalhost(String text) {
    return parse(text)
        .map(InetAddress::getHostAddress)
        .filter(address -> address.equals("127.0.0.1") || address.equals("0:0:0:0:0:0:0:1"))
        .isPresent();
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

  /** Whether {@code text} is an address, of an interface that this host may lack, too. */
  public static boolean isAddress(String text) {
    return parse(text).isPresent() || (hasZone(text) && parse(withoutZone(text)).isPresent());
  }

  /** Whether {@code text} is an address with a zone (RFC 4007 section 11). */
  public static boolean hasZone(String text) {
    return text.indexOf('%') > 0 && IP6.matcher(text).matches();
  }

  /** The text without a zone, which means something on its own host only. */
  public static String withoutZone(String text) {
    return hasZone(text) ? text.substring(0, text.indexOf('%')) : text;
  }

  /**
   * An address in the form that RFC 5952 recommends, which kubectl, dig and the consoles of AWS
   * show: {@code fd00::53}, with the zone if it has one.
   */
  public static String text(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    var full = address.getHostAddress();
    var zone = full.indexOf('%');
    return compressed(address.getAddress()) + (zone < 0 ? "" : full.substring(zone));
  }

  /** The longest run of at least two zero groups is left out, the first of equal ones. */
  private static String compressed(byte[] bytes) {
    var groups = new int[bytes.length / 2];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < groups.length; i++) {
      int zeros = 0;
      while (i + zeros < groups.length && groups[i + zeros] == 0) {
        zeros++;
      }
      if (zeros > length) {
        start = i;
        length = zeros;
      }
    }
    var text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == start) {
        text.append(i == 0 ? "::" : ":");
        i += length - 1;
      } else {
        text.append(Integer.toHexString(groups[i])).append(i + 1 < groups.length ? ":" : "");
      }
    }
    return text.toString();
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
