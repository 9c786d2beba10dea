package io.eksnet.probe.tcp;

import com.google.re2j.Pattern;
import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Conversation;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.Run;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Says its words and listens until all expressions are found. A peer that says something else is
 * wrong (by its end or the deadline), one that hangs up without a word is a reset, and silence is a
 * time-out.
 */
final class TcpConversation extends Conversation {
  private final byte[] words;
  private final List<Pattern> expected;
  private final int maxBytes;
  private final StringBuilder text = new StringBuilder();

  TcpConversation(Run run, byte[] words, List<Pattern> expected, int maxBytes) {
    super(run);
    this.words = words;
    this.expected = expected;
    this.maxBytes = maxBytes;
  }

  @Override
  protected void begin(ChannelHandlerContext ctx) {
    if (expected.isEmpty() && words.length == 0) {
      run().succeed();
      return;
    }
    run().enter(Phase.PROCESSING);
    run().whenLate(this::late);
    if (words.length > 0) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(words))
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
  protected void heard(ChannelHandlerContext ctx, Object message) {
    if (expected.isEmpty()) {
      return;
    }
    var bytes = (ByteBuf) message;
    var room = Math.min(bytes.readableBytes(), maxBytes + 1 - text.length());
    text.append(bytes.toString(bytes.readerIndex(), room, StandardCharsets.ISO_8859_1));
  }

  @Override
  protected void paused(ChannelHandlerContext ctx) {
    if (text.isEmpty()) {
      return;
    }
    if (isFound()) {
      run().succeed();
    } else if (text.length() > maxBytes) {
      run().fail(Cause.TOO_LARGE, missing() + " in the first " + maxBytes + " bytes");
    }
  }

  @Override
  protected void ended(ChannelHandlerContext ctx) throws Exception {
    if (text.isEmpty()) {
      super.ended(ctx);
    } else if (isFound()) {
      run().succeed();
    } else {
      run().fail(wrong("all the peer said"));
    }
  }

  private ProbeFailure late() {
    return text.isEmpty()
        ? new ProbeFailure(run().phase(), Cause.TIMEOUT, "connected, but the peer says nothing")
        : wrong("what the peer said by the deadline");
  }

  private ProbeFailure wrong(String where) {
    return new ProbeFailure(
        Phase.PROCESSING,
        Cause.WRONG_ANSWER,
        missing() + " in " + where + ", " + text.length() + " bytes");
  }

  private boolean isFound() {
    return expected.stream().allMatch(regex -> regex.matcher(text).find());
  }

  private String missing() {
    return expected.stream()
        .filter(regex -> !regex.matcher(text).find())
        .findFirst()
        .map(regex -> "no match of \"" + regex.pattern() + "\"")
        .orElse("no match");
  }
}
