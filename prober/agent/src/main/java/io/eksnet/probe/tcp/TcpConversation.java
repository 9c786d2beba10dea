package io.eksnet.probe.tcp;

import com.google.re2j.Pattern;
import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Run;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends the payload and reads until all expressions match. A peer that sends something else is a
 * wrong answer, at its end or at the deadline; one that closes without sending is a reset, and
 * silence is a timeout.
 */
final class TcpConversation extends Connection {
  private final byte[] payload;
  private final List<Pattern> expected;
  private final int maxBytes;
  private final StringBuilder received = new StringBuilder();

  TcpConversation(Run run, byte[] payload, List<Pattern> expected, int maxBytes) {
    super(run);
    this.payload = payload;
    this.expected = expected;
    this.maxBytes = maxBytes;
  }

  @Override
  protected void onReady(ChannelHandlerContext ctx) {
    if (expected.isEmpty() && payload.length == 0) {
      run().succeed();
      return;
    }
    run().enter(Phase.PROCESSING);
    run().onTimeout(this::onTimeout);
    if (payload.length > 0) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(payload))
          .addListener(
              sent -> {
                if (!sent.isSuccess()) {
                  exceptionCaught(ctx, sent.cause());
                } else if (expected.isEmpty()) {
                  run().succeed();
                }
              });
    }
  }

  @Override
  protected void onMessage(ChannelHandlerContext ctx, Object message) {
    if (!expected.isEmpty()) {
      var bytes = (ByteBuf) message;
      var room = Math.min(bytes.readableBytes(), maxBytes + 1 - received.length());
      received.append(bytes.toString(bytes.readerIndex(), room, StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  protected void onReadComplete(ChannelHandlerContext ctx) {
    if (received.isEmpty()) {
      return;
    }
    if (matches()) {
      run().succeed();
    } else if (received.length() > maxBytes) {
      run().fail(Cause.TOO_LARGE, mismatch() + " in the first " + maxBytes + " bytes");
    }
  }

  @Override
  protected void onClosed(ChannelHandlerContext ctx) {
    if (received.isEmpty()) {
      super.onClosed(ctx);
    } else {
      var bytes = received.length();
      run()
          .fail(
              Cause.WRONG_ANSWER,
              mismatch() + " in the " + bytes + " bytes that the peer sent before it closed");
    }
  }

  private void onTimeout() {
    if (received.isEmpty()) {
      run().fail(Cause.TIMEOUT, "connected, but the peer sent nothing");
    } else {
      var bytes = received.length();
      run()
          .fail(
              Cause.WRONG_ANSWER,
              mismatch() + " in the " + bytes + " bytes that the peer sent before the timeout");
    }
  }

  private boolean matches() {
    return expected.stream().allMatch(regex -> regex.matcher(received).find());
  }

  private String mismatch() {
    return expected.stream()
        .filter(regex -> !regex.matcher(received).find())
        .findFirst()
        .map(regex -> "no match of \"" + regex + "\"")
        .orElse("no match");
  }
}
