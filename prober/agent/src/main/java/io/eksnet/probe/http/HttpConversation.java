package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Conversation;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.Run;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its answer, in the HTTP that the connection speaks. */
final class HttpConversation extends Conversation implements Wire.Listener {
  /** A header section may have so many bytes. */
  static final int LARGEST_HEAD = 65_536;

  /** Looks at status and headers as soon as they are there. */
  interface Look {
    void at(Answer answer) throws ProbeFailure;
  }

  private final Ask ask;
  private final HttpVersion version;
  private final boolean keepsBody;
  private final int maxBody;
  private final Look look;
  private final Consumer<Answer> whole;
  private @Nullable Wire wire;
  private @Nullable Answer answer;

  HttpConversation(
      Run run,
      Ask ask,
      HttpVersion version,
      boolean keepsBody,
      int maxBody,
      Look look,
      Consumer<Answer> whole) {
    super(run);
    this.ask = ask;
    this.version = version;
    this.keepsBody = keepsBody;
    this.maxBody = maxBody;
    this.look = look;
    this.whole = whole;
  }

  @Override
  protected void begin(ChannelHandlerContext ctx) throws ProbeFailure {
    var two = speaksTwo(ctx);
    run().saw("protocol", two ? "HTTP/2" : "HTTP/1.1");
    wire = two ? new Http2(this, keepsBody) : new Http1(this, ask.isHead(), keepsBody);
    run().enter(Phase.PROCESSING);
    wire.ask(ctx, ask);
  }

  private boolean speaksTwo(ChannelHandlerContext ctx) throws ProbeFailure {
    var tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      return version == HttpVersion.HTTP2;
    }
    var two = "h2".equals(tls.applicationProtocol());
    if (version == HttpVersion.HTTP2 && !two) {
      throw new ProbeFailure(
          Phase.PROCESSING, Cause.HTTP_PROTOCOL, "the server does not offer HTTP/2 (ALPN)");
    }
    return two;
  }

  @Override
  protected void heard(ChannelHandlerContext ctx, Object message) throws ProbeFailure {
    if (wire != null) {
      wire.heard(ctx, message);
    }
  }

  @Override
  public void begun() {
    run().enter(Phase.TRANSFER);
  }

  @Override
  public void interim() {
    run().enter(Phase.PROCESSING);
  }

  @Override
  public void head(Answer head) throws ProbeFailure {
    answer = head;
    run().saw("status", Integer.toString(head.status()));
    look.at(head);
  }

  @Override
  public void body(ByteBuf piece) throws ProbeFailure {
    if (answer != null && !answer.take(piece, maxBody)) {
      throw new ProbeFailure(
          Phase.TRANSFER, Cause.TOO_LARGE, "the body is longer than " + maxBody + " bytes");
    }
  }

  @Override
  public void end() {
    if (answer != null && !run().over()) {
      run().saw("body", answer.length() + " bytes");
      whole.accept(answer);
    }
  }

  @Override
  protected void ended(ChannelHandlerContext ctx) {
    var what = answer == null ? "before it had answered" : "in the middle of its answer";
    run().fail(Cause.RESET, "the peer closed the connection " + what);
  }

  @Override
  protected Throwable explained(Throwable error) {
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof Http2Exception.HeaderListSizeException) {
        return new ProbeFailure(
            run().phase(), Cause.TOO_LARGE, "the head of the answer is too large");
      }
      if (e instanceof Http2Exception || e instanceof Http2FrameStreamException) {
        return new ProbeFailure(
            run().phase(),
            Cause.HTTP_PROTOCOL,
            answer == null ? "what came is not HTTP/2" : "malformed HTTP/2");
      }
      if (e instanceof ProbeFailure) {
        return e;
      }
    }
    return error instanceof CodecException && error.getCause() == null
        ? new ProbeFailure(run().phase(), Cause.HTTP_PROTOCOL, "malformed HTTP")
        : error;
  }
}
