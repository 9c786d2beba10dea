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
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * One query of a run and its response, on a socket of its own: a new source port and ID for each
 * query, so that no late or forged response is taken for it. Several queries may share a socket, as
 * getaddrinfo(3) of glibc asks for A and AAAA. Messages that do not answer the query are ignored,
 * for anybody can send them; only a deadline ends the wait.
 */
public final class DnsExchange extends ChannelInboundHandlerAdapter {
  private static final SecureRandom IDS = new SecureRandom();
  private static final int MAX_MESSAGE_BYTES = 65_535;

  /** Above the EDNS buffer that is announced; longer datagrams are cut and cannot be parsed. */
  private static final int MAX_DATAGRAM_BYTES = 4_096;

  private static final int MAX_TRACED = 3;

  /** How servers answer that do not know EDNS, or not its version. */
  private static final Set<Integer> EDNS_UNKNOWN =
      Set.of(Rcode.FORMERR, Rcode.NOTIMP, Rcode.BADVERS);

  private final Run run;
  private final Network sockets;
  private final InetSocketAddress server;
  private final DnsProto proto;
  private final List<DnsQuestion> questions;
  private final Trace trace;
  private final Promise<List<Message>> promise = Promise.promise();
  private final int firstId = IDS.nextInt(1 << 16);
  private final @Nullable Message[] responses;
  private final long started;

  private @Nullable ScheduledFuture<?> timer;
  private boolean connected;
  private boolean over;
  private long ignored;
  private String lastIgnored = "";

  private DnsExchange(
      Run run,
      Network sockets,
      InetSocketAddress server,
      DnsProto proto,
      List<DnsQuestion> questions,
      Trace trace) {
    this.run = run;
    this.sockets = sockets;
    this.server = server;
    this.proto = proto;
    this.questions = questions;
    this.responses = new Message[questions.size()];
    this.trace = trace;
    this.started = run.network().now();
  }

  /**
   * Sends a query and returns its response, whatever its response code. Completes on the event loop
   * by {@code limit} and with the run at the latest, with socket and timer closed. Fails with
   * {@link ProbeFailure}, or with {@link LocalFailure} when the prober has run out of something.
   *
   * @param run owns the socket while the query waits for its response
   * @param limit of this try; the deadline of the run, or an earlier one
   * @param trace takes the phases and the progress
   */
  public static Future<Message> query(
      Run run,
      InetSocketAddress server,
      DnsProto proto,
      DnsQuestion question,
      Deadline limit,
      Trace trace) {
    return query(run, run.network(), server, proto, question, limit, trace);
  }

  /**
   * The same; asks again without EDNS when the server does not understand it (RFC 6891 section 7).
   *
   * @param sockets decides where to and from the socket may connect
   */
  static Future<Message> query(
      Run run,
      Network sockets,
      InetSocketAddress server,
      DnsProto proto,
      DnsQuestion question,
      Deadline limit,
      Trace trace) {
    return exchange(run, sockets, server, proto, List.of(question), limit, trace)
        .map(responses -> responses.get(0))
        .compose(
            response -> {
              if (!question.edns() || !EDNS_UNKNOWN.contains(response.getRcode())) {
                return Future.succeededFuture(response);
              }
              trace.trace(
                  "edns",
                  "the server answered "
                      + Rcode.string(response.getRcode())
                      + " to a query with EDNS, asking without");
              return query(run, sockets, server, proto, question.withoutEdns(), limit, trace);
            });
  }

  /** Sends several queries at once on one socket; the responses are in the order of the queries. */
  public static Future<List<Message>> queryAll(
      Run run,
      InetSocketAddress server,
      DnsProto proto,
      List<DnsQuestion> questions,
      Deadline limit,
      Trace trace) {
    return exchange(run, run.network(), server, proto, questions, limit, trace);
  }

  private static Future<List<Message>> exchange(
      Run run,
      Network sockets,
      InetSocketAddress server,
      DnsProto proto,
      List<DnsQuestion> questions,
      Deadline limit,
      Trace trace) {
    var exchange = new DnsExchange(run, sockets, server, proto, questions, trace);
    exchange.start(limit);
    return exchange.promise.future();
  }

  private void start(Deadline limit) {
    var network = run.network();
    try {
      var peer = server.getAddress();
      var socket = proto == DnsProto.UDP ? sockets.openUdp(peer) : sockets.openTcp(peer);
      run.attach(socket);
      run.onTimeout(this::onDeadline);
      if (limit.nanos() - run.deadline().nanos() < 0) {
        timer = schedule(limit.left(network.now()), () -> timer = schedule(0, this::onLimit));
      }
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
                } else if (isCurrent()) {
                  guarded(() -> connect(socket));
                }
              });
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void connect(Channel socket) {
    sockets
        .connect(socket, server)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                fail(done.cause());
              } else if (isCurrent()) {
                guarded(() -> send(socket));
              }
            });
  }

  private boolean isCurrent() {
    return !over && !run.isOver();
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      fail(e);
    }
  }

  private ScheduledFuture<?> schedule(long nanos, Runnable then) {
    return run.network().loop().schedule(() -> guarded(then), nanos, TimeUnit.NANOSECONDS);
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
    for (int i = 0; i < questions.size(); i++) {
      write(socket, questions.get(i).toWire(id(i)));
    }
    socket.flush();
  }

  private int id(int query) {
    return (firstId + query) & 0xffff;
  }

  private void write(Channel socket, byte[] query) {
    var bytes = socket.alloc().ioBuffer(2 + query.length);
    if (proto == DnsProto.TCP) {
      bytes.writeShort(query.length);
    }
    socket
        .write(bytes.writeBytes(query))
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
      if (isCurrent()) {
        read(message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(ByteBuf bytes) {
    var query =
        bytes.readableBytes() < 2 ? -1 : queryOf(bytes.getUnsignedShort(bytes.readerIndex()));
    if (query < 0) {
      ignore("a response with another ID");
      return;
    }
    Message message;
    try {
      message = new Message(ByteBufUtil.getBytes(bytes));
    } catch (IOException | RuntimeException e) {
      fail(failure(Cause.WRONG_ANSWER, "the response cannot be parsed: " + e.getMessage()));
      return;
    }
    questions
        .get(query)
        .mismatch(message)
        .ifPresentOrElse(this::ignore, () -> onResponse(query, message));
  }

  private int queryOf(int id) {
    var query = (id - firstId) & 0xffff;
    return query < responses.length ? query : -1;
  }

  private void onResponse(int query, Message message) {
    responses[query] = message;
    if (Arrays.stream(responses).allMatch(Objects::nonNull)) {
      end(() -> promise.complete(List.of(responses)));
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

  /**
   * What arrived while the event loop was blocked has been read; at its deadline the run decides.
   */
  private void onLimit() {
    if (run.deadline().left(run.network().now()) > 0) {
      onDeadline();
    }
  }

  private void onDeadline() {
    var millis = Duration.ofNanos(run.network().now() - started).toMillis();
    fail(
        ignored > 0
            ? failure(Cause.WRONG_ANSWER, "no response to the query, but " + lastIgnored)
            : failure(
                Cause.TIMEOUT,
                (connected ? "no response" : "no connection")
                    + missing()
                    + " within "
                    + millis
                    + " ms"));
  }

  /** Which of several queries has no response. */
  private String missing() {
    return responses.length == 1
        ? ""
        : IntStream.range(0, responses.length)
            .filter(query -> responses[query] == null)
            .mapToObj(query -> Type.string(questions.get(query).type()))
            .collect(Collectors.joining(" and ", " to the query for ", ""));
  }

  private void fail(Throwable error) {
    var phase = phase();
    var classified = ErrorClassifier.classify(error, phase);
    // The message of the socket lacks the server, which failures of this class already name.
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

  /** Closes the socket, then completes, unless the run is over. */
  private void end(Runnable completion) {
    if (over) {
      return;
    }
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (!run.isOver()) {
      run.onTimeout(() -> {});
      run.close();
      completion.run();
    }
  }
}
