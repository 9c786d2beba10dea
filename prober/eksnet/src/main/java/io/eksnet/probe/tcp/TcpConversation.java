package io.eksnet.probe.tcp;

import io.eksnet.core.Cause;
import io.eksnet.core.Phase;
import io.eksnet.core.Regex;
import io.eksnet.probe.net.Conversation;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Trouble;
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
  /** After so many looks at a text that comes in drops, the next waits until it has grown well. */
  private static final int EAGER_LOOKS = 64;

  private final byte[] words;
  private final List<Regex> expected;
  private final int maxBytes;
  private final StringBuilder text = new StringBuilder();
  private int looks;
  private int nextLook = 1;

  TcpConversation(Run run, byte[] words, List<Regex> expected, int maxBytes) {
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
    var full = text.length() > maxBytes;
    if ((full || text.length() >= nextLook) && isFound()) {
      run().succeed();
    } else if (full) {
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

  private Trouble late() {
    return text.isEmpty()
        ? new Trouble(run().phase(), Cause.TIMEOUT, "connected, but the peer says nothing")
        : wrong("what the peer said by the deadline");
  }

  private Trouble wrong(String where) {
    return new Trouble(
        Phase.PROCESSING,
        Cause.WRONG_ANSWER,
        missing() + " in " + where + ", " + text.length() + " bytes");
  }

  private boolean isFound() {
    looks++;
    nextLook = text.length() + 1 + (looks < EAGER_LOOKS ? 0 : text.length() / 4);
    return expected.stream().allMatch(regex -> regex.found(text));
  }

  private String missing() {
    return expected.stream()
        .filter(regex -> !regex.found(text))
        .findFirst()
        .map(regex -> "no match of \"" + regex.source() + "\"")
        .orElse("no match");
  }
}
