package io.eksnet.probe.net;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.eksnet.model.Cause;
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
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/**
 * A query under way: one socket, one timer, one end. What is not an answer to the question is
 * ignored, for anybody may send it; only the deadline ends the wait.
 */
final class DnsExchange extends ChannelInboundHandlerAdapter {
  private static final int LONGEST_MESSAGE = 65_535;

  /** Above the announced EDNS buffer; what is longer arrives cut and so unreadable. */
  private static final int LONGEST_DATAGRAM = 4_096;

  private static final int MOST_TRACED = 3;

  private final Network network;
  private final InetSocketAddress server;
  private final DnsProto proto;
  private final DnsQuestion question;
  private final int id;
  private final Deadline deadline;
  private final DnsTranscript seen;
  private final Promise<Message> promise;
  private final long started;

  private @Nullable Channel channel;
  private @Nullable ScheduledFuture<?> timer;
  private boolean connected;
  private boolean over;
  private long ignored;
  private String lastIgnored = "";

  DnsExchange(
      Network network,
      InetSocketAddress server,
      DnsProto proto,
      DnsQuestion question,
      int id,
      Deadline deadline,
      DnsTranscript seen,
      Promise<Message> promise) {
    this.network = network;
    this.server = server;
    this.proto = proto;
    this.question = question;
    this.id = id;
    this.deadline = deadline;
    this.seen = seen;
    this.promise = promise;
    this.started = network.now();
  }

  void start() {
    try {
      var socket = proto == DnsProto.UDP ? network.openUdp() : network.openTcp();
      channel = socket;
      timer = network.loop().schedule(this::expire, deadline.left(network.now()), NANOSECONDS);
      prepare(socket);
      network.loop().register(socket).addListener(done -> connect(socket, done));
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void prepare(Channel socket) {
    socket.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    if (proto == DnsProto.UDP) {
      socket
          .config()
          .setOption(
              ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST_DATAGRAM));
    } else {
      socket.config().setOption(ChannelOption.TCP_NODELAY, true);
      socket.pipeline().addLast(new LengthFieldBasedFrameDecoder(LONGEST_MESSAGE + 2, 0, 2, 0, 2));
    }
    socket.pipeline().addLast(this);
  }

  private void connect(Channel socket, Future<?> registered) {
    if (!registered.isSuccess()) {
      fail(registered.cause());
    } else if (!over) {
      socket.connect(server).addListener(done -> send(socket, done));
    }
  }

  private void send(Channel socket, Future<?> connecting) {
    if (over) {
      return;
    }
    if (!connecting.isSuccess()) {
      fail(connecting.cause());
      return;
    }
    connected = true;
    if (proto == DnsProto.TCP) {
      seen.phases().add(Phase.CONNECT, network.now() - started);
    }
    var from = socket.localAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
    seen.saw("asked", DnsClient.text(server) + " over " + proto.label() + " from port " + from);
    socket
        .writeAndFlush(framed(socket, question.wire(id)))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                fail(sent.cause());
              }
            });
  }

  private ByteBuf framed(Channel socket, byte[] query) {
    var bytes = socket.alloc().ioBuffer(2 + query.length);
    if (proto == DnsProto.TCP) {
      bytes.writeShort(query.length);
    }
    return bytes.writeBytes(query);
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
      ignore("an answer with another id");
      return;
    }
    try {
      var message = new Message(ByteBufUtil.getBytes(bytes));
      question.mismatch(message).ifPresentOrElse(this::ignore, () -> end(message, null));
    } catch (IOException | RuntimeException e) {
      fail(trouble(Cause.WRONG_ANSWER, "the answer cannot be read: " + e.getMessage()));
    }
  }

  private void ignore(String what) {
    lastIgnored = what;
    if (++ignored <= MOST_TRACED) {
      seen.saw("ignored", what);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(trouble(Cause.RESET, "the connection was closed before the answer"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    fail(error);
  }

  private void expire() {
    fail(
        ignored > 0
            ? trouble(Cause.WRONG_ANSWER, "no answer to the question, but " + lastIgnored)
            : trouble(Cause.TIMEOUT, (connected ? "no answer" : "no connection") + waited()));
  }

  private String waited() {
    return " within " + Duration.ofNanos(network.now() - started).toMillis() + " ms";
  }

  private ProbeFailure trouble(Cause cause, String detail) {
    return new ProbeFailure(
        phase(), cause, DnsClient.text(server) + " over " + proto.label() + ": " + detail);
  }

  private Phase phase() {
    return proto == DnsProto.TCP && !connected ? Phase.CONNECT : Phase.PROCESSING;
  }

  private void fail(Throwable error) {
    end(null, error instanceof ProbeFailure ? error : told(error));
  }

  private Throwable told(Throwable error) {
    if (error instanceof PortUnreachableException) {
      return trouble(Cause.CONN_REFUSED, "port unreachable");
    }
    return SocketErrors.of(error, phase(), server.getAddress())
        .map(known -> known instanceof ProbeFailure t ? trouble(t.reason(), t.detail()) : known)
        .orElse(error);
  }

  private void end(@Nullable Message answer, @Nullable Throwable error) {
    if (over) {
      return;
    }
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    close(
        () -> {
          if (error != null) {
            promise.fail(error);
          } else {
            promise.complete(answer);
          }
        });
  }

  private void close(Runnable then) {
    if (channel == null || !channel.isRegistered()) {
      if (channel != null) {
        channel.unsafe().closeForcibly();
      }
      then.run();
    } else {
      channel.close().addListener(closed -> then.run());
    }
  }
}
