package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Http2Client;
import io.eksnet.probe.net.Run;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a connection of their own, if need be through the tunnel of a
 * proxy. The codecs of Netty give the same objects for HTTP/1.1 and for HTTP/2; with HTTP/2 this
 * handler is the last one of the connection, which fails, and of its only stream, which has the
 * response.
 */
@Sharable
final class HttpExchange extends Connection {
  private static final byte[] HTTP1_START = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  private final HttpRequestSpec request;
  private final HttpVersion version;
  private final BodyLimit limit;
  private final Optional<HttpRequestSpec> tunnel;
  private final Consumer<HttpResponseData> onHead;
  private final Consumer<HttpResponseData> onComplete;
  private boolean http2;
  private boolean interim;
  private @Nullable HttpResponseData response;

  /**
   * @param keep whether the body is kept, or only counted
   * @param max how many bytes it may have
   */
  record BodyLimit(boolean keep, long max) {}

  /**
   * @param tunnel the CONNECT request that comes first, to a proxy
   * @param onHead takes status and headers, and may fail the run
   * @param onComplete takes the whole response
   */
  HttpExchange(
      Run run,
      HttpRequestSpec request,
      HttpVersion version,
      BodyLimit limit,
      Optional<HttpRequestSpec> tunnel,
      Consumer<HttpResponseData> onHead,
      Consumer<HttpResponseData> onComplete) {
    super(run);
    this.request = request;
    this.version = version;
    this.limit = limit;
    this.tunnel = tunnel;
    this.onHead = onHead;
    this.onComplete = onComplete;
  }

  /** A response that another one follows (RFC 9110 section 15.2). */
  static boolean isInterim(HttpResponseStatus status) {
    return status.codeClass() == HttpStatusClass.INFORMATIONAL && status.code() != 101;
  }

  @Override
  protected void onConnected(ChannelHandlerContext ctx, Runnable next) {
    if (tunnel.isEmpty()) {
      next.run();
      return;
    }
    var handlers =
        List.of(
            new HttpRequestEncoder(),
            new LenientResponseDecoder(true, remark -> {}),
            new ProxyTunnel(run(), tunnel.get().authority(), next));
    handlers.forEach(handler -> ctx.pipeline().addBefore(ctx.name(), null, handler));
    send(ctx, ctx.channel(), tunnel.get());
  }

  @Override
  protected void onReady(ChannelHandlerContext ctx) {
    var tls = ctx.pipeline().get(SslHandler.class);
    http2 = tls == null ? version == HttpVersion.HTTP2 : "h2".equals(tls.applicationProtocol());
    if (version == HttpVersion.HTTP2 && !http2) {
      run().fail(Phase.PROCESSING, Cause.HTTP_PROTOCOL, "the server does not offer HTTP/2 (ALPN)");
      return;
    }
    run().trace("protocol", http2 ? "HTTP/2" : "HTTP/1.1");
    run().enter(Phase.PROCESSING);
    if (http2) {
      Http2Client.open(
          ctx,
          this,
          stream -> send(ctx, stream, request),
          new Http2StreamFrameToHttpObjectCodec(false),
          this);
    } else {
      ctx.pipeline()
          .addBefore(ctx.name(), null, new FirstBytes())
          .addBefore(ctx.name(), null, new HttpRequestEncoder())
          .addBefore(
              ctx.name(),
              null,
              new LenientResponseDecoder(
                  request.isHead(), remark -> run().trace("not as RFC 9112", remark)));
      send(ctx, ctx.channel(), request);
    }
  }

  private void send(ChannelHandlerContext ctx, Channel channel, HttpRequestSpec request) {
    afterSending(ctx, channel.writeAndFlush(request.toNetty()), () -> {});
  }

  @Override
  protected void onMessage(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpObject object && failed(object.decoderResult())) {
      return;
    }
    if (message instanceof HttpResponse head) {
      onHead(head);
    }
    if (message instanceof HttpContent content && !run().isOver()) {
      onContent(content);
    }
  }

  private void onHead(HttpResponse head) {
    if (run().phase() != Phase.TRANSFER) {
      run().enter(Phase.TRANSFER);
    }
    var status = head.status();
    interim = isInterim(status);
    if (interim) {
      return;
    }
    if (http2) {
      // Not sent, but added by Netty, as HTTP/1.1 would have it.
      head.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
    }
    run().trace("status", Integer.toString(status.code()));
    response =
        new HttpResponseData(
            request.url().secure(),
            http2 ? "HTTP/2.0" : head.protocolVersion().text(),
            status.code(),
            head.headers(),
            limit);
    onHead.accept(response);
  }

  private void onContent(HttpContent content) {
    var last = content instanceof LastHttpContent;
    if (interim) {
      if (last) {
        run().enter(Phase.PROCESSING); // the response is still to come (RFC 9110 section 15.2)
      }
    } else if (response != null && !response.append(content.content())) {
      run()
          .fail(
              Phase.TRANSFER, Cause.TOO_LARGE, "the body is longer than " + limit.max() + " bytes");
    } else if (response != null && content instanceof LastHttpContent end) {
      response.trailers(end.trailingHeaders());
      run().trace("body", response.length() + " bytes");
      onComplete.accept(response);
    }
  }

  private boolean failed(DecoderResult result) {
    if (result.isSuccess()) {
      return false;
    }
    var phase = response == null ? Phase.PROCESSING : Phase.TRANSFER;
    var error = result.cause();
    if (error instanceof TooLongFrameException) {
      run()
          .fail(
              phase,
              Cause.TOO_LARGE,
              "the headers are longer than " + Http2Client.MAX_HEADER_BYTES + " bytes");
    } else if (error instanceof PrematureChannelClosureException) {
      run().fail(phase, Cause.RESET, closed());
    } else {
      run().fail(phase, Cause.HTTP_PROTOCOL, "malformed HTTP/1: " + error.getMessage());
    }
    return true;
  }

  @Override
  protected void onClosed(ChannelHandlerContext ctx) {
    run().fail(Cause.RESET, closed());
  }

  private String closed() {
    return "the peer closed the connection "
        + (response == null ? "before its response" : "in the middle of its response");
  }

  @Override
  protected void onEvent(Object event) {
    Http2Client.refusal(event)
        .ifPresent(
            what ->
                run()
                    .fail(
                        response == null ? Phase.PROCESSING : Phase.TRANSFER,
                        Cause.HTTP_PROTOCOL,
                        what));
  }

  @Override
  protected void onError(Throwable error) {
    if (Http2Client.fail(run(), error)) {
      return;
    }
    if (error instanceof CodecException && error.getCause() == null) {
      run().fail(Cause.HTTP_PROTOCOL, "malformed HTTP");
    } else {
      super.onError(error);
    }
  }

  /**
   * Enters the phase transfer with the first byte of the response, and fails at once when it is not
   * HTTP/1: the decoder would wait for the end of a line, which other protocols may never send.
   */
  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    private int compared;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var bytes = (ByteBuf) message;
      if (isCurrent(ctx) && bytes.isReadable() && run().phase() == Phase.PROCESSING) {
        run().enter(Phase.TRANSFER);
      }
      for (int i = bytes.readerIndex();
          compared < HTTP1_START.length && i < bytes.writerIndex();
          i++) {
        if (bytes.getByte(i) != HTTP1_START[compared++]) {
          bytes.release();
          run().fail(Phase.PROCESSING, Cause.HTTP_PROTOCOL, "the response is not HTTP/1");
          return;
        }
      }
      ctx.fireChannelRead(message);
    }
  }
}
