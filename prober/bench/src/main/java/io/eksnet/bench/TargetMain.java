package io.eksnet.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The target server, a process of its own: HTTP, HTTPS (TLS 1.3, no tickets), TCP and DNS over UDP
 * on many addresses of 127.0.0.0/8.
 */
final class TargetMain {
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final InjectedDelay pause = new InjectedDelay();

  private TargetMain() {}

  /** Arguments: how many addresses, and the files of the certificate and its key. */
  public static void main(String[] args) throws Exception {
    var target = new TargetMain();
    var addresses = Ports.addresses(Integer.parseInt(args[0]));
    System.out.println(target.listen(addresses, tls(args[1], args[2])).line());
    ChildCounters.serve(target::mark);
  }

  private static SslContext tls(String certificate, String key) throws Exception {
    return SslContextBuilder.forServer(new File(certificate), new File(key))
        .sslProvider(SslProvider.OPENSSL) // sends no tickets by default
        .protocols("TLSv1.3")
        .build();
  }

  private Ports listen(List<String> addresses, SslContext tls) {
    return new Ports(
        everywhere(addresses, stream(channel -> http(channel, null))),
        everywhere(addresses, stream(channel -> http(channel, tls))),
        everywhere(addresses, stream(channel -> channel.pipeline().addLast(new Sink(pause)))),
        everywhere(addresses, this::datagrams));
  }

  /** One port that is free on all addresses. */
  private static int everywhere(
      List<String> addresses, BiFunction<String, Integer, ChannelFuture> bind) {
    var port = 0;
    for (var address : addresses) {
      var bound = bind.apply(address, port).syncUninterruptibly().channel();
      port = ((InetSocketAddress) bound.localAddress()).getPort();
    }
    return port;
  }

  private interface Setup {
    void apply(Channel channel);
  }

  private BiFunction<String, Integer, ChannelFuture> stream(Setup setup) {
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    setup.apply(channel);
                  }
                });
    return bootstrap::bind;
  }

  private void http(Channel channel, @Nullable SslContext tls) {
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(new DelimiterBasedFrameDecoder(16_384, Unpooled.wrappedBuffer(HEAD_END)))
        .addLast(new HttpAnswer(pause));
  }

  private ChannelFuture datagrams(String address, int port) {
    return new Bootstrap()
        .group(loops)
        .channel(EpollDatagramChannel.class)
        .option(ChannelOption.SO_RCVBUF, 1 << 20)
        .handler(new DnsAnswer(pause))
        .bind(address, port);
  }

  private ChildCounters mark() {
    return loops.next().submit(pause::drain).syncUninterruptibly().getNow();
  }

  /** A service that accepts connections and sends nothing. */
  private static final class Sink extends ChannelInboundHandlerAdapter {
    private final InjectedDelay pause;

    private Sink(InjectedDelay pause) {
      this.pause = pause;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      pause.count();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // the client's reset
    }
  }
}
