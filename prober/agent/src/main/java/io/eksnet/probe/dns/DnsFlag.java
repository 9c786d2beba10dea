package io.eksnet.probe.dns;

import org.xbill.DNS.Flags;

/** A flag that a response must have. */
public enum DnsFlag {
  /** The server is an authority for the name (RFC 1035 section 4.1.1). */
  AA(Flags.AA),
  /** The server verified the response with DNSSEC (RFC 4035 section 3.2.3). */
  AD(Flags.AD),
  /** The server may query other servers. */
  RA(Flags.RA);

  private final int bit;

  DnsFlag(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
