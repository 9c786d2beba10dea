package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * What is said on a connection, last in its pipeline: whatever goes wrong before reaches the run
 * through it. After the run's end it hears nothing.
 */
public abstract class Conversation extends ChannelInboundHandlerAdapter {
  private final Run run;

  protected Conversation(Run run) {
    this.run = run;
  }

  /** The connection stands and, with TLS, the peer is who it must be. */
  protected abstract void begin(ChannelHandlerContext ctx) throws Exception;

  /** Something came; it is released afterwards. */
  protected abstract void heard(ChannelHandlerContext ctx, Object message) throws Exception;

  /** What has come is all there is for now. */
  protected void paused(ChannelHandlerContext ctx) throws Exception {}

  /** The peer hung up. */
  protected void ended(ChannelHandlerContext ctx) throws Exception {
    run.fail(Cause.RESET, "the peer closed the connection");
  }

  /** What an exception means where the kind knows better, else the exception itself. */
  protected Throwable explained(Throwable error) {
    return error;
  }

  /** The run it is part of. */
  protected final Run run() {
    return run;
  }

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    try {
      if (run.hears(ctx.channel())) {
        heard(ctx, message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public final void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (run.hears(ctx.channel())) {
      paused(ctx);
    }
  }

  @Override
  public final void channelInactive(ChannelHandlerContext ctx) throws Exception {
    if (run.hears(ctx.channel())) {
      ended(ctx);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // of ChannelHandler, not of ChannelInboundHandler
  public final void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    if (run.hears(ctx.channel())) {
      run.broken(explained(error));
    }
  }
}
