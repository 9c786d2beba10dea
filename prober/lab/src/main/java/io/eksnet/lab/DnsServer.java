package io.eksnet.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authoritative name server on UDP and TCP, on one port. */
@SuppressWarnings("FutureReturnValueIgnored") // An answer that cannot be sent is a lost one.
public final class DnsServer extends Server<DnsFault> {
  private static final int LONGEST = 65_535;

  private final NameService names;
  private final Datagrams datagrams;

  private DnsServer(Ground ground, Datagrams datagrams, NameService names) {
    super(ground, names.control, List.of(DnsFault.values()));
    this.datagrams = datagrams;
    this.names = names;
  }

  /** A query that came in; {@code name} is absolute, {@code type} as {@code A} or {@code SRV}. */
  public record Asked(boolean tcp, String name, String type) {}

  /** A name server on a free port of 127.0.0.1, and of ::1 where there is one. */
  public static DnsServer start(Zone zone) {
    return start(zone, Bind.free());
  }

  /** A name server on {@code bind}. */
  public static DnsServer start(Zone zone, Bind bind) {
    return bind.claim(at -> open(at, new NameService(zone, new Switch<>(DnsFault.NONE))));
  }

  private static DnsServer open(Bind bind, NameService names) throws IOException {
    var ground = Ground.open("dns", bind, streams(names));
    try {
      var datagrams = Datagrams.open(ground.loop(), bind, new Datagram(names));
      return new DnsServer(ground, datagrams, names);
    } catch (IOException e) {
      ground.close();
      throw e;
    }
  }

  /** Answers from another zone from now on. */
  public void zone(Zone zone) {
    names.zone(zone);
  }

  /** Queries heard so far, also those that got no answer. */
  public long queries() {
    return udpQueries() + tcpQueries();
  }

  /** Queries heard over UDP. */
  public long udpQueries() {
    return names.udp.get();
  }

  /** Queries heard over TCP. */
  public long tcpQueries() {
    return names.tcp.get();
  }

  /** The last thousand queries, oldest first. */
  public List<Asked> asked() {
    return names.asked();
  }

  @Override
  Listener.State port(DnsFault fault) {
    return switch (fault) {
      case REFUSE, TRUNCATE_TCP_REFUSED -> Listener.State.CLOSED;
      case DROP, TRUNCATE_TCP_DROPPED -> Listener.State.DEAF;
      default -> Listener.State.OPEN;
    };
  }

  @Override
  void enter(DnsFault fault) throws IOException {
    super.enter(fault);
    datagrams.open(fault != DnsFault.REFUSE);
  }

  @Override
  public synchronized void close() {
    datagrams.close();
    super.close();
  }

  private static ChannelInitializer<SocketChannel> streams(NameService names) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel
            .pipeline()
            .addLast(new LengthFieldBasedFrameDecoder(LONGEST + 2, 0, 2, 0, 2))
            .addLast(new LengthFieldPrepender(2))
            .addLast(new Stream(names));
      }
    };
  }

  private static void afterDelay(ChannelHandlerContext context, NameService names, Runnable act) {
    if (names.control.fault() == DnsFault.DELAY) {
      long nanos = names.control.delay().toNanos();
      context.executor().schedule(act, nanos, TimeUnit.NANOSECONDS);
    } else {
      act.run();
    }
  }

  /** Queries over TCP (RFC 7766). */
  private static final class Stream extends SimpleChannelInboundHandler<ByteBuf> {
    private final NameService names;

    Stream(NameService names) {
      this.names = names;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
      var answers = names.answer(ByteBufUtil.getBytes(frame), true);
      if (names.control.fault() == DnsFault.TCP_RESET) {
        Behaviour.reset(context.channel());
        return;
      }
      afterDelay(
          context,
          names,
          () -> answers.forEach(bytes -> context.writeAndFlush(Unpooled.wrappedBuffer(bytes))));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Queries over UDP. */
  @ChannelHandler.Sharable
  private static final class Datagram extends SimpleChannelInboundHandler<DatagramPacket> {
    private final NameService names;

    Datagram(NameService names) {
      this.names = names;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      var answers = names.answer(ByteBufUtil.getBytes(packet.content()), false);
      var client = packet.sender();
      boolean elsewhere = names.control.fault() == DnsFault.WRONG_SOURCE;
      afterDelay(
          context,
          names,
          () -> {
            for (var bytes : answers) {
              if (elsewhere) {
                sendFromElsewhere(context.channel().localAddress(), client, bytes);
              } else {
                context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), client));
              }
            }
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // An ICMP error of a client that went away; the socket serves the others.
    }

    private static void sendFromElsewhere(SocketAddress here, SocketAddress client, byte[] bytes) {
      var address = ((InetSocketAddress) here).getAddress();
      try (var socket = new DatagramSocket(0, address)) {
        socket.send(new java.net.DatagramPacket(bytes, bytes.length, client));
      } catch (IOException e) {
        // A lost datagram, which is all that UDP promises.
      }
    }
  }
}
