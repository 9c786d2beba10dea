package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * A connection of a run, and the last handler of its pipeline: connects, makes the TLS handshake if
 * there is one, and then succeeds, unless a kind has more to do.
 */
public class Connection extends ChannelInboundHandlerAdapter {
  private final Run run;

  public Connection(Run run) {
    this.run = run;
  }

  /** The TCP connection is established; {@code next} starts TLS, or is {@link #onReady}. */
  protected void onConnected(ChannelHandlerContext ctx, Runnable next) {
    next.run();
  }

  /** The connection is established and, with TLS, the peer is verified. */
  protected void onReady(ChannelHandlerContext ctx) {
    run.succeed();
  }

  /** A message arrived; it is released afterwards. */
  protected void onMessage(ChannelHandlerContext ctx, Object message) {}

  /** All that has arrived so far was passed to {@link #onMessage}. */
  protected void onReadComplete(ChannelHandlerContext ctx) {}

  /** The peer closed the connection. */
  protected void onClosed(ChannelHandlerContext ctx) {
    run.fail(Cause.RESET, "the peer closed the connection");
  }

  /** A handler before this one reports an event; it is released afterwards. */
  protected void onEvent(Object event) {}

  /** The pipeline failed. */
  protected void onError(Throwable error) {
    run.fail(error);
  }

  protected final Run run() {
    return run;
  }

  /** Whether the run still uses this connection. */
  protected final boolean isCurrent(ChannelHandlerContext ctx) {
    return run.isCurrent(ctx.channel());
  }

  /** Passes the phases connect and, with a handshake, tls; the run owns the socket. */
  public final void open(InetSocketAddress peer, Optional<Handshake> handshake) {
    if (run.isOver()) {
      return;
    }
    Channel channel;
    try {
      channel = run.network().openTcp();
    } catch (ChannelException e) {
      run.fail(e);
      return;
    }
    run.attach(channel, peer.getAddress());
    channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0); // the run has a deadline
    channel.pipeline().addLast(this);
    var registered = run.network().loop().register(channel);
    if (registered.cause() != null) {
      run.fail(
          new LocalFailure(
              "event loop", "the event loop rejected a socket: " + registered.cause()));
      return;
    }
    run.enter(Phase.CONNECT);
    channel
        .connect(peer)
        .addListener(
            done -> {
              if (!run.isCurrent(channel)) {
                return;
              }
              if (done.isSuccess()) {
                run.guarded(() -> checkPeer(channel, peer, handshake));
              } else {
                run.fail(done.cause());
              }
            });
  }

  private void checkPeer(Channel channel, InetSocketAddress peer, Optional<Handshake> handshake) {
    if (peer.equals(channel.localAddress())) {
      // A simultaneous open: on loopback, the kernel can pick the target port as the local one.
      run.fail(Cause.CONN_REFUSED, "nothing listens there: the socket connected to itself");
      return;
    }
    run.reachedProxy();
    onConnected(channel.pipeline().context(this), () -> secure(channel, handshake));
  }

  private void secure(Channel channel, Optional<Handshake> handshake) {
    if (handshake.isEmpty()) {
      run.leave();
      onReady(channel.pipeline().context(this));
      return;
    }
    run.enter(Phase.TLS);
    // Only now, so that the work of the engine is not charged to the phase connect.
    var tls = handshake.get().handler(channel.alloc());
    tls.handshakeFuture()
        .addListener(
            done -> {
              if (!run.isCurrent(channel)) {
                return;
              }
              if (done.isSuccess()) {
                run.guarded(() -> onHandshake(channel, tls, handshake.get()));
              } else {
                run.fail(done.cause());
              }
            });
    channel.pipeline().addAfter(Run.WIRE, null, tls);
  }

  private void onHandshake(Channel channel, SslHandler tls, Handshake handshake) {
    if (handshake.verify(tls.engine(), run, Instant.now())) {
      run.leave();
      onReady(channel.pipeline().context(this));
    }
  }

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (isCurrent(ctx)) {
        onMessage(ctx, message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public final void channelReadComplete(ChannelHandlerContext ctx) {
    if (isCurrent(ctx)) {
      onReadComplete(ctx);
    }
  }

  @Override
  public final void channelInactive(ChannelHandlerContext ctx) {
    if (isCurrent(ctx)) {
      onClosed(ctx);
    }
  }

  @Override
  public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (isCurrent(ctx)) {
      onEvent(event);
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  @SuppressWarnings("deprecation") // of ChannelHandler, not of ChannelInboundHandler
  public final void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    if (isCurrent(ctx)) {
      onError(error);
    }
  }
}
