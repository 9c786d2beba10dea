package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** Answers the head of a request for {@code /delay/N} with a small page after N ms, and closes. */
final class HttpAnswer extends SimpleChannelInboundHandler<ByteBuf> {
  private static final byte[] PREFIX = "GET /delay/".getBytes(US_ASCII);
  private static final ByteBuf PAGE =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(page().getBytes(US_ASCII)));

  private final InjectedDelay pause;

  HttpAnswer(InjectedDelay pause) {
    this.pause = pause;
  }

  private static String page() {
    var body =
        "<html><head><title>target</title></head><body>ok ok ok ok ok ok ok ok</body></html>";
    return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
        + body.length()
        + "\r\nConnection: close\r\n\r\n"
        + body;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf head) {
    pause.answer(
        context.channel().eventLoop(),
        delay(head),
        () -> context.writeAndFlush(PAGE.duplicate()).addListener(ChannelFutureListener.CLOSE));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // a client that went away
  }

  static int delay(ByteBuf head) {
    var start = head.readerIndex();
    if (head.readableBytes() <= PREFIX.length || head.getByte(start + PREFIX.length - 1) != '/') {
      return 0;
    }
    var delay = 0;
    for (var at = start + PREFIX.length; at < head.writerIndex(); at++) {
      var digit = head.getByte(at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      delay = 10 * delay + digit;
    }
    return delay;
  }
}
