package io.eksnet.bench;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.List;

/** Connects and closes. */
final class PlainTcp implements Attempt {
  private final EventLoop loop;
  private final List<InetSocketAddress> targets;

  PlainTcp(EventLoop loop, List<InetSocketAddress> targets) {
    this.loop = loop;
    this.targets = targets;
  }

  @Override
  public void start(int target, Done done) {
    var exchange = new Connect(done);
    var channel = new EpollSocketChannel();
    channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    channel.pipeline().addLast(exchange);
    loop.register(channel);
    exchange.watch(channel.connect(targets.get(target)));
  }

  private static final class Connect extends AttemptConnection {
    private Connect(Done done) {
      super(done);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      succeed(context.channel());
    }
  }
}
