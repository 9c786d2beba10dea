package io.eksnet.probe.tcp;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.model.Regex;
import io.eksnet.probe.net.Conversation;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.Run;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says its words and listens until all expressions are found. A peer that says something else is
 * wrong (by its end or the deadline), one that hangs up without a word is a reset, and silence is a
 * time-out.
 */
final class TcpConversation extends Conversation {
  /**
   * After so many looks at a text that comes in drops, the next waits until it has grown well, or
   * for a moment.
   */
  private static final int EAGER_LOOKS = 64;

  private static final int MOMENT_MILLIS = 50;

  private final byte[] words;
  private final List<Regex> expected;
  private final int maxBytes;
  private final StringBuilder text = new StringBuilder();
  private int looks;
  private int looked;
  private int nextLook = 1;
  private @Nullable Future<?> later;

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
    if (!full && text.length() < nextLook) {
      lookLater(ctx);
    } else if (isFound()) {
      run().succeed();
    } else if (full) {
      run().fail(Cause.TOO_LARGE, missing() + " in the first " + maxBytes + " bytes");
    }
  }

  private void lookLater(ChannelHandlerContext ctx) {
    if (later == null || later.isDone()) {
      later = ctx.executor().schedule(this::lookNow, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void lookNow() {
    if (text.length() > looked && isFound()) {
      run().succeed();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (later != null) {
      later.cancel(false);
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

  /** If the text is there after all, the trouble it returns comes too late to count. */
  private ProbeFailure late() {
    lookNow();
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
    looks++;
    looked = text.length();
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
