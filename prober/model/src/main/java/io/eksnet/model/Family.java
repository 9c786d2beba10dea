package io.eksnet.model;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses of a name are meant. */
public enum Family {
  /** IPv4 addresses, or IPv6 ones where there are none. */
  ANY,
  IP4,
  IP6,
  /** IPv6 addresses, or IPv4 ones where there are none. */
  PREFER_IP6,
  /** Those of both families, IPv4 first. */
  BOTH;

  /** {@link #IP4} or {@link #IP6}. */
  public static Family of(InetAddress address) {
    return address instanceof Inet4Address ? IP4 : IP6;
  }

  /** Whether an address is of this family. */
  public boolean admits(InetAddress address) {
    return switch (this) {
      case ANY, PREFER_IP6, BOTH -> true;
      case IP4, IP6 -> this == of(address);
    };
  }
}
