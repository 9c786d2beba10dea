package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The header by which a proxy passes on the addresses of a client, before anything else on a
 * connection (haproxy.org/download/3.0/doc/proxy-protocol.txt). NLB target groups send version 2
 * where {@code proxy_protocol_v2.enabled} is set; such targets do not respond without the header.
 */
public enum ProxyProtocol {
  /** A line of text. */
  V1,
  /** Binary. */
  V2;

  private static final byte[] V2_SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

  /** Version 2, command PROXY. */
  private static final byte V2_PROXY = 0x21;

  private static final byte TCP_OVER_IP4 = 0x11;
  private static final byte TCP_OVER_IP6 = 0x21;

  /** The header of a connection from {@code source} to {@code destination}, of one family. */
  public byte[] header(InetSocketAddress source, InetSocketAddress destination) {
    var ip4 = source.getAddress() instanceof Inet4Address;
    if (this == V1) {
      var line =
          String.join(
              " ",
              "PROXY",
              ip4 ? "TCP4" : "TCP6",
              AddressLiteral.withoutZone(AddressLiteral.text(source.getAddress())),
              AddressLiteral.withoutZone(AddressLiteral.text(destination.getAddress())),
              Integer.toString(source.getPort()),
              Integer.toString(destination.getPort()));
      return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
    var from = source.getAddress().getAddress();
    var to = destination.getAddress().getAddress();
    var length = from.length + to.length + 2 * Short.BYTES;
    return ByteBuffer.allocate(V2_SIGNATURE.length + 2 + Short.BYTES + length)
        .put(V2_SIGNATURE)
        .put(V2_PROXY)
        .put(ip4 ? TCP_OVER_IP4 : TCP_OVER_IP6)
        .putShort((short) length)
        .put(from)
        .put(to)
        .putShort((short) source.getPort())
        .putShort((short) destination.getPort())
        .array();
  }
}
