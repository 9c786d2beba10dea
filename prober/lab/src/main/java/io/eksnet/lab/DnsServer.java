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

/** An authoritative name server on one port over UDP and TCP. */
@SuppressWarnings("FutureReturnValueIgnored") // A response that cannot be sent is lost.
public final class DnsServer extends LabServer<DnsFault> {
  private static final int MAX_MESSAGE_BYTES = 65_535;

  private final DnsQueries queries;
  private final UdpPort udp;

  private DnsServer(Transport transport, UdpPort udp, DnsQueries queries) {
    super(transport, queries.control, List.of(DnsFault.values()));
    this.udp = udp;
    this.queries = queries;
  }

  /** A query; {@code name} is absolute, {@code type} is {@code A}, {@code SRV}, … */
  public record Query(boolean tcp, String name, String type) {}

  /** Starts a server on a free port. */
  public static DnsServer start(Zone zone) {
    return start(zone, Bind.free());
  }

  /** Starts a server. */
  public static DnsServer start(Zone zone, Bind bind) {
    return bind.claim(at -> open(at, new DnsQueries(zone, new FaultSwitch<>(DnsFault.NONE))));
  }

  private static DnsServer open(Bind bind, DnsQueries queries) throws IOException {
    var transport = Transport.open("dns", bind, tcpInitializer(queries));
    try {
      var udp = UdpPort.open(transport.loop(), bind, new UdpHandler(queries));
      return new DnsServer(transport, udp, queries);
    } catch (IOException e) {
      transport.close();
      throw e;
    }
  }

  /** Replaces the zone. */
  public void zone(Zone zone) {
    queries.zone(zone);
  }

  /** The number of queries over UDP. */
  public long udpQueries() {
    return queries.udp.get();
  }

  /** The number of queries over TCP. */
  public long tcpQueries() {
    return queries.tcp.get();
  }

  /** The last thousand queries, oldest first. */
  public List<Query> recentQueries() {
    return queries.queries();
  }

  @Override
  Listener.State portState(DnsFault fault) {
    return switch (fault) {
      case REFUSE, TRUNCATE_TCP_REFUSED -> Listener.State.CLOSED;
      case DROP, TRUNCATE_TCP_DROPPED -> Listener.State.DROPPING;
      default -> Listener.State.OPEN;
    };
  }

  @Override
  void enter(DnsFault fault) throws IOException {
    super.enter(fault);
    udp.setOpen(fault != DnsFault.REFUSE);
  }

  @Override
  public synchronized void close() {
    udp.close();
    super.close();
  }

  private static ChannelInitializer<SocketChannel> tcpInitializer(DnsQueries queries) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel
            .pipeline()
            .addLast(new LengthFieldBasedFrameDecoder(MAX_MESSAGE_BYTES + 2, 0, 2, 0, 2))
            .addLast(new LengthFieldPrepender(2))
            .addLast(new TcpHandler(queries));
      }
    };
  }

  private static void afterDelay(ChannelHandlerContext context, DnsQueries queries, Runnable task) {
    if (queries.control.fault() == DnsFault.DELAY) {
      long nanos = queries.control.delay().toNanos();
      context.executor().schedule(task, nanos, TimeUnit.NANOSECONDS);
    } else {
      task.run();
    }
  }

  /** Queries over TCP (RFC 7766). */
  private static final class TcpHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final DnsQueries queries;

    TcpHandler(DnsQueries queries) {
      this.queries = queries;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
      var responses = queries.respond(ByteBufUtil.getBytes(frame), true);
      if (queries.control.fault() == DnsFault.TCP_RESET) {
        ConnectionHandlers.reset(context.channel());
        return;
      }
      afterDelay(
          context,
          queries,
          () -> responses.forEach(bytes -> context.writeAndFlush(Unpooled.wrappedBuffer(bytes))));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Queries over UDP. */
  @ChannelHandler.Sharable
  private static final class UdpHandler extends SimpleChannelInboundHandler<DatagramPacket> {
    private final DnsQueries queries;

    UdpHandler(DnsQueries queries) {
      this.queries = queries;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      var responses = queries.respond(ByteBufUtil.getBytes(packet.content()), false);
      var client = packet.sender();
      boolean fromOtherPort = queries.control.fault() == DnsFault.WRONG_SOURCE;
      afterDelay(
          context,
          queries,
          () -> {
            for (var bytes : responses) {
              if (fromOtherPort) {
                sendFromOtherPort(context.channel().localAddress(), client, bytes);
              } else {
                context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), client));
              }
            }
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // An ICMP error of one client must not close the socket for the others.
    }

    private static void sendFromOtherPort(SocketAddress here, SocketAddress client, byte[] bytes) {
      var address = ((InetSocketAddress) here).getAddress();
      try (var socket = new DatagramSocket(0, address)) {
        socket.send(new java.net.DatagramPacket(bytes, bytes.length, client));
      } catch (IOException e) {
        // UDP datagrams may be lost.
      }
    }
  }
}
