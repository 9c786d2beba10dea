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
 * A UDP port on several addresses that is open or closed; it keeps the port in both.
 *
 * <p>A closed one is connected to itself: the kernel finds no socket for anybody else's datagrams
 * and answers them with ICMP port unreachable, as if nothing were bound.
 */
final class Datagrams implements Closeable {
  private final List<DatagramChannel> channels = new ArrayList<>();
  private boolean open = true;

  private Datagrams() {}

  static Datagrams open(EventLoopGroup loop, Bind bind, ChannelHandler handler) throws IOException {
    var datagrams = new Datagrams();
    try {
      for (var address : bind.sockets()) {
        datagrams.channels.add(bound(loop, address, handler));
      }
      return datagrams;
    } catch (IOException e) {
      datagrams.close();
      throw e;
    }
  }

  /** Opens or closes the port. */
  void open(boolean next) {
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
