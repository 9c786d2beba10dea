package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/** What a connection does, whatever protocol it should speak. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends with its connection.
final class Behaviour {
  private static final int LINGER_SECONDS = 5;
  private static final int RESET_MILLIS = 20;

  private Behaviour() {}

  /**
   * Breaks the connection with RST: closing with a linger of zero sends one. It goes past the
   * pipeline, so that TLS says no farewell.
   */
  static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.unsafe().close(channel.voidPromise());
  }

  /** Takes everything, says nothing. */
  static class Silence extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Resets once the connection stands, a moment later lest connecting itself should fail. */
  static final class ResetOnAccept extends Silence {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context
          .executor()
          .schedule(() -> reset(context.channel()), RESET_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Greets, or not, and resets at the first byte it hears. */
  static final class ResetOnData extends Silence {
    private final String greeting;

    ResetOnData(String greeting) {
      this.greeting = greeting;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.writeAndFlush(Unpooled.copiedBuffer(greeting, ISO_8859_1));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      super.channelRead(context, message);
      reset(context.channel());
    }
  }

  /**
   * Says something, or nothing, and ends its side. Closing with unread bytes would send RST in
   * place of FIN, so it reads on until the peer ends too.
   */
  static final class SayAndClose extends Silence {
    private final String words;

    SayAndClose(String words) {
      this.words = words;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context
          .writeAndFlush(Unpooled.copiedBuffer(words, ISO_8859_1))
          .addListener(said -> ((SocketChannel) context.channel()).shutdownOutput());
      context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Writes as fast as the peer reads, without end. */
  static final class Endless extends Silence {
    private static final byte[] CHUNK = "all work and no play\n".repeat(400).getBytes(ISO_8859_1);

    @Override
    public void channelActive(ChannelHandlerContext context) {
      pour(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      pour(context);
    }

    private static void pour(ChannelHandlerContext context) {
      while (context.channel().isActive() && context.channel().isWritable()) {
        context.writeAndFlush(Unpooled.wrappedBuffer(CHUNK));
      }
    }
  }
}
