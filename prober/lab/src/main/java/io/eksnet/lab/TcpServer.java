package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP server that sends a banner and echoes. */
public final class TcpServer extends LabServer<TcpFault> {
  private final AtomicLong accepted;

  private TcpServer(Transport transport, FaultSwitch<TcpFault> control, AtomicLong accepted) {
    super(transport, control, List.of(TcpFault.values()));
    this.accepted = accepted;
  }

  /** Starts a server on a free port; the banner may be empty. */
  public static TcpServer start(String banner) {
    return start(banner, Bind.free());
  }

  /** Starts a server; the banner may be empty. */
  public static TcpServer start(String banner, Bind bind) {
    var control = new FaultSwitch<>(TcpFault.NONE);
    var accepted = new AtomicLong();
    var initializer =
        new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            accepted.incrementAndGet();
            channel.pipeline().addLast(handler(control, banner));
          }
        };
    return bind.claim(
        at -> new TcpServer(Transport.open("tcp", at, initializer), control, accepted));
  }

  /** The number of accepted connections. */
  public long connections() {
    return accepted.get();
  }

  @Override
  Listener.State portState(TcpFault fault) {
    return switch (fault) {
      case REFUSE -> Listener.State.CLOSED;
      case DROP -> Listener.State.DROPPING;
      default -> Listener.State.OPEN;
    };
  }

  private static ChannelHandler handler(FaultSwitch<TcpFault> control, String banner) {
    return switch (control.fault()) {
      case NONE, REFUSE, DROP -> new Echo(banner, 0);
      case DELAY -> new Echo(banner, control.delay().toNanos());
      case RESET -> new ConnectionHandlers.ResetOnAccept();
      case RESET_ON_DATA -> new ConnectionHandlers.ResetOnData(banner);
      case CLOSE -> new ConnectionHandlers.SendAndClose("");
      case STALL -> new ConnectionHandlers.ReadOnly();
      case GARBAGE -> new Echo("\u0000\u00ff\u0016\u0003\u0001%%garbage\r\n\r\n", 0);
      case ENDLESS -> new ConnectionHandlers.Endless();
    };
  }

  /** Sends the banner and echoes, each after a delay. */
  @SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
  private static final class Echo extends ConnectionHandlers.ReadOnly {
    private final String banner;
    private final long delayNanos;

    Echo(String banner, long delayNanos) {
      this.banner = banner;
      this.delayNanos = delayNanos;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (!banner.isEmpty()) {
        send(context, Unpooled.copiedBuffer(banner, ISO_8859_1));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      send(context, message);
    }

    private void send(ChannelHandlerContext context, Object message) {
      if (delayNanos == 0) {
        context.writeAndFlush(message);
      } else {
        context
            .executor()
            .schedule(() -> context.writeAndFlush(message), delayNanos, TimeUnit.NANOSECONDS);
      }
    }
  }
}
