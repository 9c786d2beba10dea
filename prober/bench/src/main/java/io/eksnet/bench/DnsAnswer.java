package io.eksnet.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;

/** Answers each question with 192.0.2.1; a first label {@code dN} asks for a delay of N ms. */
@ChannelHandler.Sharable
final class DnsAnswer extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final int HEADER = 12;
  private static final byte[] RECORD = {
    (byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, 1
  };

  private final InjectedDelay pause;

  DnsAnswer(InjectedDelay pause) {
    this.pause = pause;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket query) {
    var content = query.content();
    var end = endOfQuestion(content);
    if (end < 0) {
      return;
    }
    var start = content.readerIndex();
    var answer = context.alloc().directBuffer(512);
    answer.writeShort(content.getUnsignedShort(start));
    answer.writeShort(0x8180); // RFC 1035 4.1.1: QR, RD, RA, no error
    answer.writeShort(1).writeShort(1).writeShort(0).writeShort(0);
    answer.writeBytes(content, start + HEADER, end - HEADER).writeBytes(RECORD);
    var reply = new DatagramPacket(answer, query.sender());
    pause.answer(context.channel().eventLoop(), delay(content), () -> context.writeAndFlush(reply));
  }

  /** The offset behind the question, or -1 if this is no query. */
  private static int endOfQuestion(ByteBuf query) {
    var start = query.readerIndex();
    var at = HEADER;
    while (at + 4 < query.readableBytes()) {
      var length = query.getUnsignedByte(start + at);
      at += 1 + length;
      if (length == 0) {
        return at + 4 <= query.readableBytes() ? at + 4 : -1;
      }
    }
    return -1;
  }

  private static int delay(ByteBuf query) {
    var label = query.readerIndex() + HEADER;
    var length = query.getUnsignedByte(label);
    if (length < 2 || (query.getByte(label + 1) | 0x20) != 'd') {
      return 0;
    }
    var delay = 0;
    for (var at = label + 2; at <= label + length; at++) {
      var digit = query.getByte(at) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      delay = 10 * delay + digit;
    }
    return delay;
  }
}
