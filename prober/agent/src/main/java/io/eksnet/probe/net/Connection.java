package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a run, and the last handler of its pipeline: connects, makes the TLS handshake if
 * there is one, and then succeeds, unless a kind has more to do.
 */
@Sharable // a failed handshake may be repeated on another channel; the run uses one at a time
public class Connection extends ChannelInboundHandlerAdapter {
  /** How long a peer may take to reject the client's certificate after the handshake (TLS 1.3). */
  private static final Duration DECISION_TIMEOUT = Duration.ofSeconds(1);

  private final Run run;
  private final Deque<Object> received = new ArrayDeque<>();
  private @Nullable Handshake handshake;
  private @Nullable Runnable ending;
  private @Nullable Runnable decision;
  private boolean securing;

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

  /** As {@link #onClosed}, when the handshake succeeded and nothing was sent since. */
  protected void onClosedAfterHandshake(ChannelHandlerContext ctx) {
    onClosed(ctx);
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
  public final void open(InetSocketAddress peer, Optional<Handshake> tls) {
    open(peer, tls, Optional.empty());
  }

  /**
   * The same, with a header of the PROXY protocol.
   *
   * @param proxy the version of the PROXY protocol header to send first
   */
  public final void open(
      InetSocketAddress peer, Optional<Handshake> tls, Optional<ProxyProtocol> proxy) {
    connect(peer, tls.map(one -> one.preparedFor(peer)), proxy);
  }

  private void connect(
      InetSocketAddress peer, Optional<Handshake> tls, Optional<ProxyProtocol> proxy) {
    if (run.isOver()) {
      return;
    }
    securing = false;
    ending = null;
    Channel channel;
    try {
      channel = run.network().openTcp(peer.getAddress());
    } catch (ChannelException | ProbeFailure e) {
      run.fail(e);
      return;
    }
    run.attach(channel);
    channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0); // the run has a deadline
    channel.config().setOption(ChannelOption.AUTO_CLOSE, false); // see WriteErrors
    channel.pipeline().addLast(this);
    var registered = run.network().loop().register(channel);
    if (registered.cause() != null) {
      run.fail(
          new LocalFailure(
              "event loop", "the event loop rejected a socket: " + registered.cause()));
      return;
    }
    run.enter(Phase.CONNECT);
    run.network()
        .connect(channel, peer)
        .addListener(
            done -> {
              if (!run.isCurrent(channel)) {
                return;
              }
              if (done.isSuccess()) {
                run.guarded(() -> checkPeer(channel, peer, tls, proxy));
              } else {
                run.fail(done.cause());
              }
            });
  }

  private void checkPeer(
      Channel channel,
      InetSocketAddress peer,
      Optional<Handshake> tls,
      Optional<ProxyProtocol> proxy) {
    if (peer.equals(channel.localAddress())) {
      // A simultaneous open: on loopback, the kernel can pick the target port as the local one.
      run.fail(Cause.CONN_REFUSED, "nothing listens there: the socket connected to itself");
      return;
    }
    run.reachedProxy();
    proxy.ifPresent(
        version ->
            channel.writeAndFlush(
                Unpooled.wrappedBuffer(
                    version.header((InetSocketAddress) channel.localAddress(), peer))));
    onConnected(channel.pipeline().context(this), () -> secureFromStart(channel, peer, tls, proxy));
  }

  private void secureFromStart(
      Channel channel,
      InetSocketAddress peer,
      Optional<Handshake> tls,
      Optional<ProxyProtocol> proxy) {
    if (tls.isEmpty()) {
      run.leave();
      onReady(channel.pipeline().context(this));
      return;
    }
    var first = tls.get();
    secure(
        channel,
        peer,
        first,
        error ->
            first
                .retry(error, run.network())
                .ifPresentOrElse(
                    prepared -> {
                      run.trace("tls", "no common parameters with BoringSSL, trying the JDK's TLS");
                      run.await(prepared, again -> connect(peer, Optional.of(again), proxy));
                    },
                    () -> first.fail(error, run, peer)),
        () -> onReady(channel.pipeline().context(this)));
  }

  /** Makes the handshake on an established connection, as STARTTLS does; then continues. */
  protected final void secure(ChannelHandlerContext ctx, Handshake tls, Runnable then) {
    var peer = (InetSocketAddress) ctx.channel().remoteAddress();
    secure(ctx.channel(), peer, tls, error -> tls.fail(error, run, peer), then);
  }

  private void secure(
      Channel channel,
      InetSocketAddress peer,
      Handshake tls,
      Consumer<Throwable> onFailure,
      Runnable then) {
    run.enter(Phase.TLS);
    handshake = tls;
    securing = true;
    SslHandler handler;
    try {
      // Only now, so that the work of the engine is not charged to the phase connect.
      handler = tls.handler(channel.alloc(), run.network());
    } catch (SSLException e) {
      run.fail(new LocalFailure("cannot set up TLS: " + e.getMessage()));
      return;
    }
    handler
        .handshakeFuture()
        .addListener(
            done -> {
              if (!run.isCurrent(channel)) {
                return;
              }
              if (done.isSuccess()) {
                run.guarded(() -> onHandshake(channel, peer, handler, tls, then));
              } else {
                run.guarded(() -> onFailure.accept(done.cause()));
              }
            });
    channel.pipeline().addAfter(Run.WIRE, null, handler);
  }

  /** What arrives during the verification waits for it, and so does the end of the connection. */
  private void onHandshake(
      Channel channel, InetSocketAddress peer, SslHandler handler, Handshake tls, Runnable then) {
    tls.remember(peer);
    tls.verify(
        handler.engine(),
        run,
        peer,
        () -> {
          securing = false;
          run.leave();
          if (ending != null) {
            ending.run();
            releaseReceived();
          } else {
            then.run();
            replay(channel, handler);
          }
        });
    if (securing) {
      channel.config().setAutoRead(false);
    }
  }

  private void replay(Channel channel, SslHandler handler) {
    if (!run.isCurrent(channel)) {
      releaseReceived();
      return;
    }
    var ctx = channel.pipeline().context(handler);
    if (!received.isEmpty()) {
      while (!received.isEmpty()) {
        ctx.fireChannelRead(received.remove());
      }
      ctx.fireChannelReadComplete();
    }
    channel.config().setAutoRead(true);
  }

  private void releaseReceived() {
    while (!received.isEmpty()) {
      ReferenceCountUtil.release(received.remove());
    }
  }

  /**
   * Continues when the peer has accepted the client's certificate, or its absence. With TLS 1.3
   * that shows only after the handshake, so this ends the sending side first: a peer that accepts
   * answers with its own end, and one that rejects with an alert. To be called by kinds that send
   * nothing over TLS themselves.
   */
  protected final void awaitDecision(ChannelHandlerContext ctx, Runnable then) {
    var handler = ctx.pipeline().get(SslHandler.class);
    var tls = handshake;
    if (handler == null || tls == null || !tls.awaitsDecision(handler.engine())) {
      then.run();
      return;
    }
    decision = then;
    handler.closeOutbound();
    run.after(DECISION_TIMEOUT, then);
  }

  /** {@code then} runs when a message was written to the socket, or the run ends. */
  protected final void afterSending(
      ChannelHandlerContext ctx, ChannelFuture written, Runnable then) {
    written.addListener(
        done -> {
          if (!isCurrent(ctx)) {
            return;
          }
          if (done.isSuccess()) {
            then.run();
          } else {
            exceptionCaught(ctx, done.cause());
          }
        });
  }

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object message) {
    if (securing && isCurrent(ctx)) {
      received.add(message);
      return;
    }
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
    if (isCurrent(ctx) && !securing) {
      onReadComplete(ctx);
    }
  }

  @Override
  public final void channelInactive(ChannelHandlerContext ctx) {
    end(ctx, () -> onClosed(ctx), () -> onClosedAfterHandshake(ctx));
  }

  @Override
  public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (isCurrent(ctx)) {
      onEvent(event);
      if (event == SslCloseCompletionEvent.SUCCESS && isCurrent(ctx)) {
        ctx.close(); // the peer sends nothing more; the engine of the JDK would stay half open
      }
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  @SuppressWarnings("deprecation") // of ChannelHandler, not of ChannelInboundHandler
  public final void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    var tls = handshake;
    var explained = tls == null ? error : tls.explained(error);
    Runnable failed = () -> onError(explained);
    end(
        ctx,
        failed,
        explained instanceof ProbeFailure ? failed : () -> onClosedAfterHandshake(ctx));
  }

  /**
   * The connection has ended.
   *
   * @param afterHandshake what follows if all that was missing is the verification or the peer's
   *     decision on the client's certificate
   */
  private void end(ChannelHandlerContext ctx, Runnable usual, Runnable afterHandshake) {
    if (!isCurrent(ctx)) {
      releaseReceived();
    } else if (securing) {
      ending = ending == null ? afterHandshake : ending;
    } else if (decision != null) {
      afterHandshake.run();
    } else {
      usual.run();
    }
  }
}
