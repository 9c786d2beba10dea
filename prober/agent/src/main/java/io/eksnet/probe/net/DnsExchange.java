package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.HostPort;
import io.eksnet.model.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/**
 * One query and its response, on a socket of its own: a new source port and ID for each query, so
 * that no late or forged response is taken for it. Messages that do not answer the query are
 * ignored, for anybody can send them; only the deadline ends the wait.
 */
public final class DnsExchange extends ChannelInboundHandlerAdapter {
  private static final SecureRandom IDS = new SecureRandom();
  private static final int MAX_MESSAGE_BYTES = 65_535;

  /** Above the EDNS buffer that is announced; longer datagrams are cut and cannot be parsed. */
  private static final int MAX_DATAGRAM_BYTES = 4_096;

  private static final int MAX_TRACED = 3;

  private final Network network;
  private final InetSocketAddress server;
  private final DnsProto proto;
  private final DnsQuestion question;
  private final Trace trace;
  private final Promise<Message> promise;
  private final int id = IDS.nextInt(1 << 16);
  private final long started;

  private @Nullable Channel channel;
  private @Nullable ScheduledFuture<?> timer;
  private boolean connected;
  private boolean over;
  private long ignored;
  private String lastIgnored = "";

  private DnsExchange(
      Network network,
      InetSocketAddress server,
      DnsProto proto,
      DnsQuestion question,
      Trace trace) {
    this.network = network;
    this.server = server;
    this.proto = proto;
    this.question = question;
    this.trace = trace;
    this.promise = Promise.promise();
    this.started = network.now();
  }

  /**
   * Sends a query and returns its response, whatever its response code. Completes on the event loop
   * by {@code deadline}, with socket and timer closed. Fails with {@link ProbeFailure}, or with
   * {@link LocalFailure} when the prober has run out of something.
   */
  public static Future<Message> query(
      Network network,
      InetSocketAddress server,
      DnsProto proto,
      DnsQuestion question,
      Deadline deadline,
      Trace trace) {
    var exchange = new DnsExchange(network, server, proto, question, trace);
    if (network.loop().inEventLoop()) {
      exchange.start(deadline);
    } else {
      network.loop().execute(() -> exchange.start(deadline));
    }
    return exchange.promise.future();
  }

  private void start(Deadline deadline) {
    try {
      var socket = proto == DnsProto.UDP ? network.openUdp() : network.openTcp();
      channel = socket;
      var left = deadline.left(network.now());
      timer = network.loop().schedule(this::onDeadline, left, TimeUnit.NANOSECONDS);
      prepare(socket);
      if (proto == DnsProto.TCP) {
        trace.enter(Phase.CONNECT);
      }
      network
          .loop()
          .register(socket)
          .addListener(
              registered -> {
                if (!registered.isSuccess()) {
                  fail(registered.cause());
                } else if (!over) {
                  socket
                      .connect(server)
                      .addListener(
                          done -> {
                            if (!done.isSuccess()) {
                              fail(done.cause());
                            } else if (!over) {
                              send(socket);
                            }
                          });
                }
              });
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void prepare(Channel socket) {
    var config = socket.config();
    config.setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    if (proto == DnsProto.UDP) {
      config.setOption(
          ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES));
    } else {
      config.setOption(ChannelOption.TCP_NODELAY, true);
      socket
          .pipeline()
          .addLast(new LengthFieldBasedFrameDecoder(MAX_MESSAGE_BYTES + 2, 0, 2, 0, 2));
    }
    socket.pipeline().addLast(this);
  }

  private void send(Channel socket) {
    connected = true;
    if (proto == DnsProto.TCP) {
      trace.enter(Phase.PROCESSING);
    }
    var from = socket.localAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
    trace.trace("asked", HostPort.of(server) + " over " + proto.label() + " from port " + from);
    var query = question.toWire(id);
    var bytes = socket.alloc().ioBuffer(2 + query.length);
    if (proto == DnsProto.TCP) {
      bytes.writeShort(query.length);
    }
    socket
        .writeAndFlush(bytes.writeBytes(query))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                fail(sent.cause());
              }
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (!over) {
        read(message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(ByteBuf bytes) {
    if (bytes.readableBytes() < 2 || bytes.getUnsignedShort(bytes.readerIndex()) != id) {
      ignore("a response with another ID");
      return;
    }
    try {
      var message = new Message(ByteBufUtil.getBytes(bytes));
      question
          .mismatch(message)
          .ifPresentOrElse(this::ignore, () -> end(() -> promise.complete(message)));
    } catch (IOException | RuntimeException e) {
      fail(failure(Cause.WRONG_ANSWER, "the response cannot be parsed: " + e.getMessage()));
    }
  }

  private void ignore(String what) {
    lastIgnored = what;
    if (++ignored <= MAX_TRACED) {
      trace.trace("ignored", what);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(failure(Cause.RESET, "the server closed the connection before its response"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    fail(error);
  }

  private void onDeadline() {
    var millis = Duration.ofNanos(network.now() - started).toMillis();
    fail(
        ignored > 0
            ? failure(Cause.WRONG_ANSWER, "no response to the query, but " + lastIgnored)
            : failure(
                Cause.TIMEOUT,
                (connected ? "no response" : "no connection") + " within " + millis + " ms"));
  }

  private void fail(Throwable error) {
    var phase = phase();
    var classified = ErrorClassifier.classify(error, phase, server.getAddress());
    // What the socket says lacks the server, which failures of this class already name.
    var failure =
        classified instanceof ProbeFailure f && classified != error
            ? failure(f.reason(), f.detail())
            : classified;
    end(() -> promise.fail(failure));
  }

  private ProbeFailure failure(Cause cause, String detail) {
    return new ProbeFailure(
        phase(), cause, HostPort.of(server) + " over " + proto.label() + ": " + detail);
  }

  private Phase phase() {
    return proto == DnsProto.TCP && !connected ? Phase.CONNECT : Phase.PROCESSING;
  }

  /** Closes the socket, then completes. */
  private void end(Runnable completion) {
    if (over) {
      return;
    }
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (channel != null && channel.isRegistered()) {
      channel.close().addListener(closed -> completion.run());
      return;
    }
    if (channel != null) {
      channel.unsafe().closeForcibly();
    }
    completion.run();
  }
}
