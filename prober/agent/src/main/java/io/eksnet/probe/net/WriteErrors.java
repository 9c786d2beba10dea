package io.eksnet.probe.net;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reports a failed write after what the peer sent before it. A peer may answer before it has read
 * everything and close, which resets the connection: status 413, or the alert that rejects a
 * client's certificate. That answer is the cause, and the failed write its consequence; codecs such
 * as HTTP/2 close the connection at the first failed write. The channel must not close itself
 * ({@code AUTO_CLOSE}).
 */
final class WriteErrors extends ChannelDuplexHandler {
  private final Function<Runnable, Future<?>> timer;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private @Nullable Future<?> running;

  /**
   * @param timer runs a step on the event loop when what the peer sent should have been read
   */
  WriteErrors(Function<Runnable, Future<?>> timer) {
    this.timer = timer;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise written) {
    var mine = written.unvoid();
    ctx.write(
        message,
        ctx.newPromise()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    mine.trySuccess();
                  } else if (done.cause() instanceof IOException) {
                    hold(ctx, () -> mine.tryFailure(done.cause()));
                  } else {
                    mine.tryFailure(done.cause());
                  }
                }));
  }

  private void hold(ChannelHandlerContext ctx, Runnable report) {
    held.add(report);
    if (!ctx.channel().isOpen()) {
      // Closed by a handler that has not passed on yet why it did so.
      ctx.executor().execute(this::report);
    } else if (running == null) {
      running = timer.apply(this::report);
    }
  }

  private void report() {
    if (running != null) {
      running.cancel(false);
      running = null;
    }
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    report();
    ctx.fireChannelInactive();
  }
}
