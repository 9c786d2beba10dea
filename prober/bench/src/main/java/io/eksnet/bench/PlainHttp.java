package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A new connection, a request written out beforehand, the status, and the end of the answer. */
final class PlainHttp implements Attempt {
  private final EventLoop loop;
  private final List<InetSocketAddress> targets;
  private final @Nullable SslContext tls;
  private final ByteBuf request;

  PlainHttp(EventLoop loop, List<InetSocketAddress> targets, int delay, @Nullable SslContext tls) {
    this.loop = loop;
    this.targets = targets;
    this.tls = tls;
    var text =
        "GET /delay/"
            + delay
            + " HTTP/1.1\r\nHost: "
            + Ports.NAME
            + "\r\nConnection: close\r\n\r\n";
    this.request =
        Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(text.getBytes(US_ASCII)));
  }

  @Override
  public void start(int target, Done done) {
    var exchange = new Get(done, request);
    var channel = new EpollSocketChannel();
    channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    if (tls != null) {
      var engine = tls.newEngine(channel.alloc(), Ports.NAME, 443);
      channel.pipeline().addLast(new SslHandler(engine));
    }
    channel.pipeline().addLast(exchange);
    loop.register(channel);
    exchange.watch(channel.connect(targets.get(target)));
  }

  private static final class Get extends AttemptConnection {
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final ByteBuf request;
    private boolean ok;

    private Get(Done done, ByteBuf request) {
      super(done);
      this.request = request;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.writeAndFlush(request.duplicate());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var answer = (ByteBuf) message;
      ok |= answer.readableBytes() > STATUS_AT && answer.getByte(STATUS_AT) == '2';
      answer.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (ok) {
        succeed(context.channel());
      } else {
        fail(context.channel());
      }
    }
  }
}
