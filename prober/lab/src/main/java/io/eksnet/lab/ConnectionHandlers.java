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

/** Handlers for faulty connections of any protocol. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
final class ConnectionHandlers {
  private static final int LINGER_SECONDS = 5;
  private static final int RESET_MILLIS = 20;

  private ConnectionHandlers() {}

  /**
   * Resets the connection: closing with a linger of 0 sends RST. Bypasses the pipeline, so that TLS
   * sends no close_notify.
   */
  static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.unsafe().close(channel.voidPromise());
  }

  /** Reads everything, sends nothing. */
  static class ReadOnly extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Resets an established connection, after a delay so that connecting itself succeeds. */
  static final class ResetOnAccept extends ReadOnly {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context
          .executor()
          .schedule(() -> reset(context.channel()), RESET_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Sends a banner, and resets after the first byte. */
  static final class ResetOnData extends ReadOnly {
    private final String banner;

    ResetOnData(String banner) {
      this.banner = banner;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.writeAndFlush(Unpooled.copiedBuffer(banner, ISO_8859_1));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      super.channelRead(context, message);
      reset(context.channel());
    }
  }

  /**
   * Sends bytes and closes its side of the connection. Closing with unread bytes would send RST
   * instead of FIN, so it reads until the peer closes too.
   */
  static final class SendAndClose extends ReadOnly {
    private final String text;

    SendAndClose(String text) {
      this.text = text;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context
          .writeAndFlush(Unpooled.copiedBuffer(text, ISO_8859_1))
          .addListener(sent -> ((SocketChannel) context.channel()).shutdownOutput());
      context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Sends bytes without end, as fast as the peer reads. */
  static final class Endless extends ReadOnly {
    private static final byte[] CHUNK = "endless\n".repeat(400).getBytes(ISO_8859_1);

    @Override
    public void channelActive(ChannelHandlerContext context) {
      write(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      write(context);
    }

    private static void write(ChannelHandlerContext context) {
      while (context.channel().isActive() && context.channel().isWritable()) {
        context.writeAndFlush(Unpooled.wrappedBuffer(CHUNK));
      }
    }
  }
}
