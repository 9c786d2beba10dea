package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * A connection of a run, from the socket to the point where the {@link Conversation} begins. The
 * TLS handler comes into the pipeline once the connection stands, so that its work is not charged
 * to the connect phase.
 */
public final class Connection {
  private final Run run;
  private final InetSocketAddress peer;
  private final Optional<Handshake> handshake;
  private final Conversation conversation;

  private Connection(
      Run run, InetSocketAddress peer, Optional<Handshake> handshake, Conversation conversation) {
    this.run = run;
    this.peer = peer;
    this.handshake = handshake;
    this.conversation = conversation;
  }

  /**
   * Opens the connection; the run then owns it. Passes the phases connect and, with a handshake,
   * tls.
   */
  public static void open(
      Run run, InetSocketAddress peer, Optional<Handshake> handshake, Conversation conversation) {
    new Connection(run, peer, handshake, conversation).open();
  }

  private void open() {
    if (run.over()) {
      return;
    }
    Channel channel;
    try {
      channel = run.network().openTcp();
    } catch (ChannelException e) {
      run.broken(e);
      return;
    }
    run.own(channel, peer.getAddress());
    channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    channel.pipeline().addLast(conversation);
    var registered = run.network().loop().register(channel);
    if (registered.cause() != null) {
      run.broken(new LocalFailure("the event loop takes no socket: " + registered.cause()));
      return;
    }
    run.enter(Phase.CONNECT);
    channel
        .connect(peer)
        .addListener(
            done -> {
              if (!run.hears(channel)) {
                return;
              }
              if (done.isSuccess()) {
                run.guarded(() -> connected(channel));
              } else {
                run.broken(done.cause());
              }
            });
  }

  private void connected(Channel channel) {
    if (peer.equals(channel.localAddress())) {
      // Two SYNs crossed: on loopback a free port can be the one that the kernel chose for us.
      run.fail(Cause.CONN_REFUSED, "nothing listens there: the socket connected to itself");
      return;
    }
    if (handshake.isEmpty()) {
      run.leave();
      begin(channel);
      return;
    }
    run.enter(Phase.TLS);
    var handler = handshake.get().handler(channel.alloc());
    handler
        .handshakeFuture()
        .addListener(
            done -> {
              if (!run.hears(channel)) {
                return;
              }
              if (done.isSuccess()) {
                run.guarded(() -> shaken(channel, handler, handshake.get()));
              } else {
                run.broken(done.cause());
              }
            });
    channel.pipeline().addFirst(handler);
  }

  private void shaken(Channel channel, SslHandler handler, Handshake with) {
    try {
      with.judge(handler.engine(), run, Instant.now());
    } catch (ProbeFailure e) {
      run.fail(e);
      return;
    }
    run.leave();
    begin(channel);
  }

  private void begin(Channel channel) {
    try {
      conversation.begin(channel.pipeline().context(conversation));
    } catch (Exception e) {
      run.broken(e);
    }
  }
}
