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

/** A service that greets with a banner and echoes what it hears. */
public final class TcpServer extends Server<TcpFault> {
  private final AtomicLong accepted;

  private TcpServer(Ground ground, Switch<TcpFault> control, AtomicLong accepted) {
    super(ground, control, List.of(TcpFault.values()));
    this.accepted = accepted;
  }

  /** A service on a free port that greets with {@code banner}, which may be empty. */
  public static TcpServer start(String banner) {
    return start(banner, Bind.free());
  }

  /** A service on {@code bind} that greets with {@code banner}, which may be empty. */
  public static TcpServer start(String banner, Bind bind) {
    var control = new Switch<>(TcpFault.NONE);
    var accepted = new AtomicLong();
    var door =
        new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            accepted.incrementAndGet();
            channel.pipeline().addLast(manners(control, banner));
          }
        };
    return bind.claim(at -> new TcpServer(Ground.open("tcp", at, door), control, accepted));
  }

  /** Connections accepted so far. */
  public long connections() {
    return accepted.get();
  }

  @Override
  Listener.State port(TcpFault fault) {
    return switch (fault) {
      case REFUSE -> Listener.State.CLOSED;
      case DROP -> Listener.State.DEAF;
      default -> Listener.State.OPEN;
    };
  }

  private static ChannelHandler manners(Switch<TcpFault> control, String banner) {
    return switch (control.fault()) {
      case NONE, REFUSE, DROP -> new Echo(banner, 0);
      case DELAY -> new Echo(banner, control.delay().toNanos());
      case RESET -> new Behaviour.ResetOnAccept();
      case RESET_ON_DATA -> new Behaviour.ResetOnData(banner);
      case CLOSE -> new Behaviour.SayAndClose("");
      case STALL -> new Behaviour.Silence();
      case GARBAGE -> new Echo("\u0000\u00ff\u0016\u0003\u0001%%garbage\r\n\r\n", 0);
      case ENDLESS -> new Behaviour.Endless();
    };
  }

  /** Greets and echoes, each after a pause. */
  @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends with its connection.
  private static final class Echo extends Behaviour.Silence {
    private final String banner;
    private final long delayNanos;

    Echo(String banner, long delayNanos) {
      this.banner = banner;
      this.delayNanos = delayNanos;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (!banner.isEmpty()) {
        say(context, Unpooled.copiedBuffer(banner, ISO_8859_1));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      say(context, message);
    }

    private void say(ChannelHandlerContext context, Object words) {
      if (delayNanos == 0) {
        context.writeAndFlush(words);
      } else {
        context
            .executor()
            .schedule(() -> context.writeAndFlush(words), delayNanos, TimeUnit.NANOSECONDS);
      }
    }
  }
}
