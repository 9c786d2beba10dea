package io.eksnet.model;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses of a name are meant. */
public enum Family {
  /** IPv4 addresses, or IPv6 ones where there are none. */
  ANY,
  IP4,
  IP6;

  /** Whether an address is of this family. */
  public boolean admits(InetAddress address) {
    return this == ANY || (this == IP4) == (address instanceof Inet4Address);
  }
}
