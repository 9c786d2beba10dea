package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.ProbeFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** HTTP/2 (RFC 9113) with one stream. */
final class Http2 extends Http2EventAdapter implements Wire {
  private final Listener listener;
  private final boolean keepsBody;
  private int stream;
  private boolean answered;
  private boolean done;

  Http2(Listener listener, boolean keepsBody) {
    this.listener = listener;
    this.keepsBody = keepsBody;
  }

  @Override
  public void ask(ChannelHandlerContext ctx, Ask ask) {
    var codec = Http2Codec.with(this);
    ctx.pipeline().addBefore(ctx.name(), null, codec);
    var inner = ctx.pipeline().context(codec);
    stream = codec.connection().local().incrementAndGetNextStreamId();
    var bare = ask.body().isEmpty();
    codec
        .encoder()
        .writeHeaders(inner, stream, ask.http2(), 0, bare, inner.newPromise())
        .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    if (!bare) {
      codec
          .encoder()
          .writeData(inner, stream, ask.content(), 0, true, inner.newPromise())
          .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
    inner.flush();
  }

  /** The codec takes all bytes and calls the methods below. */
  @Override
  public void heard(ChannelHandlerContext ctx, Object message) {}

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last) {
    onHeadersRead(ctx, id, headers, padding, last);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean last) {
    hear(ctx, () -> headers(headers, last));
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
    var taken = data.readableBytes() + padding;
    hear(
        ctx,
        () -> {
          if (data.isReadable()) {
            listener.body(data);
          }
          if (last) {
            end();
          }
        });
    return taken;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
    hear(
        ctx,
        () -> {
          throw refused("reset the stream", code);
        });
  }

  @Override
  public void onGoAwayRead(ChannelHandlerContext ctx, int lastStream, long code, ByteBuf debug) {
    hear(
        ctx,
        () -> {
          if (lastStream < stream) {
            throw refused("went away", code);
          }
        });
  }

  private interface Step {
    void take() throws ProbeFailure;
  }

  private void hear(ChannelHandlerContext ctx, Step step) {
    if (done) {
      return;
    }
    try {
      step.take();
    } catch (ProbeFailure e) {
      done = true;
      ctx.fireExceptionCaught(e);
    }
  }

  private void headers(Http2Headers headers, boolean last) throws ProbeFailure {
    if (!answered) {
      listener.begun();
      var status = status(headers);
      if (status < 200 && !last) {
        listener.interim();
        return;
      }
      answered = true;
      listener.head(new Answer(status, name -> all(headers, name), keepsBody));
    }
    if (last) {
      end();
    }
  }

  private void end() throws ProbeFailure {
    done = true;
    listener.end();
  }

  private static int status(Http2Headers headers) throws ProbeFailure {
    var status = String.valueOf(headers.status());
    if (!status.matches("[1-9][0-9]{2}")) {
      throw new ProbeFailure(
          Phase.PROCESSING, Cause.HTTP_PROTOCOL, "malformed HTTP/2: an answer without a status");
    }
    return Integer.parseInt(status);
  }

  private static List<String> all(Http2Headers headers, String name) {
    return headers.getAll(name).stream().map(CharSequence::toString).toList();
  }

  private ProbeFailure refused(String what, long code) {
    var error = Http2Error.valueOf(code);
    return new ProbeFailure(
        answered ? Phase.TRANSFER : Phase.PROCESSING,
        Cause.HTTP_PROTOCOL,
        "the server " + what + " with " + (error == null ? "error " + code : error.name()));
  }
}
