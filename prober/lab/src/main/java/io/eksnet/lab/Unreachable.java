package io.eksnet.lab;

/**
 * Loopback addresses without a route: connecting fails at once and sends no packet.
 *
 * <p>Linux refuses a TCP connection to a broadcast or multicast address with ENETUNREACH
 * (net/ipv4/tcp_ipv4.c, tcp_v4_connect: RTCF_BROADCAST; net/ipv6/tcp_ipv6.c, tcp_v6_connect), and
 * connecting a UDP socket to a broadcast address without SO_BROADCAST with EACCES
 * (net/ipv4/datagram.c).
 */
public final class Unreachable {
  /** The broadcast address of 127.0.0.0/8: TCP gets ENETUNREACH, UDP gets EACCES. */
  public static final String IPV4 = "127.255.255.255";

  /** All nodes of the interface itself (RFC 4291 section 2.7.1): TCP gets ENETUNREACH. */
  public static final String IPV6 = "ff01::1";

  private Unreachable() {}
}
