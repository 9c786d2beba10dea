package io.eksnet.probe.net;

import com.google.re2j.Pattern;
import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A conversation on a connection, turn by turn. A peer that sends something else than expected is a
 * wrong answer, at its end or at the deadline; one that closes without sending is a reset, and
 * silence is a timeout.
 */
public class Dialogue extends Connection {
  private static final int MAX_SHOWN = 80;

  private final List<DialogueStep> steps;
  private final Optional<Handshake> handshake;
  private final int maxBytes;
  private final StringBuilder text = new StringBuilder();
  private int step;
  private int received;
  private boolean sending;
  private boolean answeredOverTls;

  /**
   * @param handshake for the steps that start TLS
   * @param maxBytes how much the peer may send in one turn
   */
  public Dialogue(Run run, List<DialogueStep> steps, Optional<Handshake> handshake, int maxBytes) {
    super(run);
    this.steps = List.copyOf(steps);
    this.handshake = handshake;
    this.maxBytes = maxBytes;
  }

  /** All turns were taken. */
  protected void onCompleted(ChannelHandlerContext ctx) {
    run().succeed();
  }

  @Override
  protected final void onReady(ChannelHandlerContext ctx) {
    run().onTimeout(this::onTimeout);
    proceed(ctx);
  }

  /** Takes as many turns as possible. */
  private void proceed(ChannelHandlerContext ctx) {
    if (step == steps.size()) {
      if (answeredOverTls) {
        onCompleted(ctx);
      } else {
        awaitDecision(ctx, () -> onCompleted(ctx));
      }
      return;
    }
    var current = steps.get(step);
    if (run().phase() != Phase.PROCESSING || step == 0) {
      run().enter(Phase.PROCESSING);
    }
    if (!consume(current.expected())) {
      var refused =
          current.refusal().map(p -> p.matcher(text)).filter(com.google.re2j.Matcher::find);
      if (refused.isPresent()) {
        run()
            .fail(Cause.WRONG_ANSWER, place() + "the peer refuses: " + line(refused.get().start()));
      } else if (text.length() > maxBytes) {
        run().fail(Cause.TOO_LARGE, place() + mismatch() + " in the first " + maxBytes + " bytes");
      }
      return;
    }
    if (!current.payload().isEmpty()) {
      send(ctx, current);
    } else {
      taken(ctx, current);
    }
  }

  private void send(ChannelHandlerContext ctx, DialogueStep current) {
    text.setLength(0);
    received = 0;
    sending = true;
    var payload = Unpooled.copiedBuffer(current.payload(), StandardCharsets.ISO_8859_1);
    afterSending(
        ctx,
        ctx.writeAndFlush(payload),
        () -> {
          sending = false;
          taken(ctx, current);
        });
  }

  private void taken(ChannelHandlerContext ctx, DialogueStep current) {
    step++;
    if (!current.startTls()) {
      proceed(ctx);
      return;
    }
    text.setLength(0); // what the peer sent in plain text is no part of the conversation over TLS
    received = 0;
    run().leave();
    secure(
        ctx,
        handshake.orElseThrow(),
        () -> {
          answeredOverTls = false;
          proceed(ctx);
        });
  }

  /** Removes what is expected, if all of it has arrived. */
  private boolean consume(List<Pattern> expected) {
    var end = 0;
    for (var regex : expected) {
      var matcher = regex.matcher(text);
      if (!matcher.find()) {
        return false;
      }
      end = Math.max(end, matcher.end());
    }
    text.delete(0, end);
    return true;
  }

  @Override
  protected void onMessage(ChannelHandlerContext ctx, Object message) {
    answeredOverTls = true;
    if (step < steps.size()) {
      var bytes = (ByteBuf) message;
      var room = Math.min(bytes.readableBytes(), maxBytes + 1 - text.length());
      text.append(bytes.toString(bytes.readerIndex(), room, StandardCharsets.ISO_8859_1));
      received += room;
    }
  }

  @Override
  protected void onReadComplete(ChannelHandlerContext ctx) {
    if (received > 0 && !sending && step < steps.size()) {
      proceed(ctx);
    }
  }

  @Override
  protected void onClosed(ChannelHandlerContext ctx) {
    if (received == 0) {
      super.onClosed(ctx);
    } else {
      run()
          .fail(
              Cause.WRONG_ANSWER,
              place()
                  + mismatch()
                  + " in the "
                  + received
                  + " bytes that the peer sent before it closed");
    }
  }

  @Override
  protected void onClosedAfterHandshake(ChannelHandlerContext ctx) {
    if (step == steps.size()) {
      onCompleted(ctx);
    } else {
      onClosed(ctx);
    }
  }

  private void onTimeout() {
    if (run().phase() != Phase.PROCESSING) {
      return;
    }
    if (received == 0) {
      run().fail(Cause.TIMEOUT, place() + "connected, but the peer sent nothing");
    } else {
      run()
          .fail(
              Cause.WRONG_ANSWER,
              place()
                  + mismatch()
                  + " in the "
                  + received
                  + " bytes that the peer sent before the timeout");
    }
  }

  /** Which turn, where there is more than one. */
  private String place() {
    var turns = steps.stream().filter(one -> !one.expected().isEmpty()).count();
    return turns > 1 ? "step " + (step + 1) + ": " : "";
  }

  private String mismatch() {
    return steps.get(Math.min(step, steps.size() - 1)).expected().stream()
        .filter(regex -> !regex.matcher(text).find())
        .findFirst()
        .map(regex -> "no match of \"" + regex + "\"")
        .orElse("no match");
  }

  /** A line of what the peer sent, without control characters. */
  private String line(int start) {
    var end = text.indexOf("\n", start);
    var line = text.substring(start, Math.min(end < 0 ? text.length() : end, start + MAX_SHOWN));
    return line.replaceAll("[^\\x20-\\x7e]", " ").strip();
  }
}
