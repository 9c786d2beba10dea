package io.eksnet.probe.dns;

import org.xbill.DNS.DClass;

/** The class of a query (RFC 1035 section 3.2.4). */
public enum DnsClass {
  /** The Internet. */
  IN(DClass.IN),
  /** Chaos, in which servers tell their version and their name (RFC 4892). */
  CH(DClass.CH),
  /** Hesiod. */
  HS(DClass.HS),
  ANY(DClass.ANY);

  private final int code;

  DnsClass(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
