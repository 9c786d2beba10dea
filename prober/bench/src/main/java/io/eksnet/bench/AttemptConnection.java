package io.eksnet.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of one attempt; it is closed when the attempt ends, at the latest after 5 s. */
abstract class AttemptConnection extends ChannelInboundHandlerAdapter {
  private static final int DEADLINE_SECONDS = 5;

  private final Attempt.Done done;
  private final long began = System.nanoTime();
  private @Nullable ScheduledFuture<?> deadline;
  private boolean ended;

  AttemptConnection(Attempt.Done done) {
    this.done = done;
  }

  /** Owns a channel that connects. */
  void watch(ChannelFuture connecting) {
    var channel = connecting.channel();
    deadline =
        channel.eventLoop().schedule(() -> fail(channel), DEADLINE_SECONDS, TimeUnit.SECONDS);
    connecting.addListener(
        connected -> {
          if (!connected.isSuccess()) {
            fail(channel);
          }
        });
  }

  void succeed(Channel channel) {
    if (end(channel)) {
      done.succeeded(System.nanoTime() - began);
    }
  }

  void fail(Channel channel) {
    if (end(channel)) {
      done.failed();
    }
  }

  private boolean end(Channel channel) {
    if (ended) {
      return false;
    }
    ended = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    channel.close();
    return true;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(context.channel());
  }
}
