package io.eksnet.web;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the platform, with a handler of accepted sockets in front of each TCP server.
 * Vert.x itself hands out a connection only after its TLS handshake, which is too late to refuse a
 * flood of them.
 */
public final class AcceptingTransport implements io.vertx.core.transport.Transport {
  private final io.vertx.core.transport.Transport platform;
  private final Delegate delegate;

  private AcceptingTransport(io.vertx.core.transport.Transport platform) {
    this.platform = platform;
    delegate = new Delegate(platform.implementation());
  }

  /** A Vert.x whose servers can limit what they accept. */
  public static Vertx vertx(VertxOptions options) {
    var nativeTransport = io.vertx.core.transport.Transport.nativeTransport();
    var platform =
        options.getPreferNativeTransport() && nativeTransport != null && nativeTransport.available()
            ? nativeTransport
            : io.vertx.core.transport.Transport.NIO;
    return Vertx.builder().with(options).withTransport(new AcceptingTransport(platform)).build();
  }

  /**
   * Servers of {@code vertx} that start to listen from now on pass accepted sockets to {@code
   * handler} first.
   *
   * @throws IllegalStateException if {@code vertx} is not from {@link #vertx}
   */
  static void onAccept(Vertx vertx, ChannelHandler handler) {
    if (!(((VertxInternal) vertx).transport() instanceof Delegate delegate)) {
      throw new IllegalStateException("this Vert.x cannot limit connections");
    }
    delegate.acceptHandler = handler;
  }

  @Override
  public String name() {
    return platform.name();
  }

  @Override
  public boolean available() {
    return platform.available();
  }

  @Override
  public Throwable unavailabilityCause() {
    return platform.unavailabilityCause();
  }

  @Override
  public Transport implementation() {
    return delegate;
  }

  private static final class Delegate implements Transport {
    private final Transport platform;
    private volatile @Nullable ChannelHandler acceptHandler;

    Delegate(Transport platform) {
      this.platform = platform;
    }

    @Override
    public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
      platform.configure(options, domainSocket, bootstrap);
      var handler = acceptHandler;
      if (handler != null) {
        bootstrap.handler(handler);
      }
    }

    @Override
    public void configure(TcpConfig options, boolean domainSocket, Bootstrap bootstrap) {
      platform.configure(options, domainSocket, bootstrap);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
      platform.configure(channel, options);
    }

    @Override
    public boolean supportsDomainSockets() {
      return platform.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
      return platform.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
      return platform.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
      return platform.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
      return platform.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
      return platform.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return platform.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(
        int type, int threads, ThreadFactory factory, int ioRatio) {
      return platform.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    @SuppressWarnings("deprecation") // a type of the interface
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
      return platform.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
      return platform.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
      return platform.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
      return platform.serverChannelFactory(domainSocket);
    }
  }
}
