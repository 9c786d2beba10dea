package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A new socket, one question, and the ID and code of the answer. */
final class PlainDns implements Attempt {
  private final EventLoop loop;
  private final List<InetSocketAddress> targets;
  private final ByteBuf question;

  PlainDns(EventLoop loop, List<InetSocketAddress> targets, int delay) {
    this.loop = loop;
    this.targets = targets;
    this.question = question(Ports.question(delay));
  }

  /** All of a query for A but its ID. */
  static ByteBuf question(String name) {
    var query = Unpooled.directBuffer().writeShort(0x0100); // RFC 1035 4.1.1: RD
    query.writeShort(1).writeShort(0).writeShort(0).writeShort(0);
    for (var label : name.split("\\.", 0)) {
      query.writeByte(label.length()).writeBytes(label.getBytes(US_ASCII));
    }
    return query.writeByte(0).writeShort(1).writeShort(1);
  }

  @Override
  public void start(int target, Done done) {
    var exchange = new Ask(done, question);
    var channel = new EpollDatagramChannel();
    channel.pipeline().addLast(exchange);
    loop.register(channel);
    exchange.watch(channel.connect(targets.get(target)));
  }

  private static final class Ask extends AttemptConnection {
    private final int id = ThreadLocalRandom.current().nextInt(1 << 16);
    private final ByteBuf question;

    private Ask(Done done, ByteBuf question) {
      super(done);
      this.question = question;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var query = context.alloc().directBuffer(64).writeShort(id);
      var at = question.readerIndex();
      context.writeAndFlush(query.writeBytes(question, at, question.readableBytes()));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var answer = message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message;
      var good =
          answer.readableBytes() > 12
              && answer.getUnsignedShort(answer.readerIndex()) == id
              && (answer.getByte(answer.readerIndex() + 3) & 0xf) == 0;
      answer.release();
      if (good) {
        succeed(context.channel());
      } else {
        fail(context.channel());
      }
    }
  }
}
