package io.eksnet.lab;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A UDP port of several addresses that is open or closed. It stays reserved in both states.
 *
 * <p>A closed port is connected to itself: the kernel finds no socket for port of others and
 * responds with ICMP port unreachable.
 */
final class UdpPort implements Closeable {
  private final List<DatagramChannel> channels = new ArrayList<>();
  private boolean open = true;

  private UdpPort() {}

  static UdpPort open(EventLoopGroup loop, Bind bind, ChannelHandler handler) throws IOException {
    var port = new UdpPort();
    try {
      for (var address : bind.sockets()) {
        port.channels.add(bound(loop, address, handler));
      }
      return port;
    } catch (IOException e) {
      port.close();
      throw e;
    }
  }

  /** Opens or closes the port. */
  void setOpen(boolean next) {
    if (next == open) {
      return;
    }
    for (var channel : channels) {
      var done = next ? channel.disconnect() : channel.connect(channel.localAddress());
      done.syncUninterruptibly();
    }
    open = next;
  }

  @Override
  public void close() {
    channels.forEach(channel -> channel.close().syncUninterruptibly());
  }

  private static DatagramChannel bound(
      EventLoopGroup loop, InetSocketAddress address, ChannelHandler handler) throws IOException {
    var bound =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(handler)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
    }
    return (DatagramChannel) bound.channel();
  }
}
