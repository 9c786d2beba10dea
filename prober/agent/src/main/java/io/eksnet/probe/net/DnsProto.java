package io.eksnet.probe.net;

/** What carries a DNS message. */
public enum DnsProto {
  /** A datagram each (RFC 1035 section 4.2.1). */
  UDP("udp"),
  /** A new connection each, with two bytes of length before the message (section 4.2.2). */
  TCP("tcp");

  private final String label;

  DnsProto(String label) {
    this.label = label;
  }

  /** The value of the metric label {@code proto}. */
  public String label() {
    return label;
  }
}
