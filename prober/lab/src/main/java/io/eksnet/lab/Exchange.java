package io.eksnet.lab;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One request's way to answer, well or badly; the same over HTTP/1.1 and HTTP/2. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends with its connection.
final class Exchange {
  private final ChannelHandlerContext context;
  private final HttpMethod method;

  Exchange(ChannelHandlerContext context, HttpMethod method) {
    this.context = context;
    this.method = method;
  }

  /** A whole answer. */
  void send(int status, Map<String, String> headers, byte[] body) {
    var content = method.equals(HttpMethod.HEAD) ? new byte[0] : body;
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.wrappedBuffer(content));
    response.headers().set(CONTENT_TYPE, "text/plain; charset=utf-8");
    set(headers, response.headers());
    response.headers().set(CONTENT_LENGTH, body.length);
    context.writeAndFlush(response);
  }

  /** An informational answer before the real one. */
  void interim(int status) {
    context.writeAndFlush(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)));
  }

  /** Status and headers; a body without a length is chunked in HTTP/1.1. */
  void begin(Map<String, String> headers) {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(CONTENT_TYPE, "text/plain; charset=utf-8");
    set(headers, response.headers());
    if (!isHttp2() && !response.headers().contains(CONTENT_LENGTH)) {
      HttpUtil.setTransferEncodingChunked(response, true);
    }
    context.writeAndFlush(response);
  }

  /** A piece of the body. */
  void part(String text) {
    context.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, UTF_8)));
  }

  /** The body as fast as the client reads it, and its end. */
  void pour(Flood flood) {
    context.writeAndFlush(new HttpChunkedInput(flood));
  }

  /** The end of the body. */
  void end() {
    context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** Bytes past the HTTP codec, and the end of the connection. */
  void sayAndClose(String bytes) {
    var pipeline = connection().pipeline();
    var codec =
        isHttp2()
            ? pipeline.context(Http2FrameCodec.class)
            : pipeline.context(HttpServerCodec.class);
    codec
        .writeAndFlush(Unpooled.copiedBuffer(bytes, UTF_8))
        .addListener((ChannelFutureListener) said -> close());
  }

  /** Ends the connection; HTTP/2 gets no GOAWAY. */
  void close() {
    if (isHttp2()) {
      var connection = connection();
      connection.unsafe().close(connection.voidPromise());
    } else {
      context.close();
    }
  }

  /** Breaks the connection with RST. */
  void reset() {
    Behaviour.reset(connection());
  }

  /** Acts after a pause, if the connection still stands. */
  void later(Duration pause, Runnable act) {
    context
        .executor()
        .schedule(
            () -> {
              if (context.channel().isActive()) {
                act.run();
              }
            },
            pause.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  boolean isHttp2() {
    return context.channel() instanceof Http2StreamChannel;
  }

  /** The TCP connection under the request. */
  Channel connection() {
    return isHttp2() ? context.channel().parent() : context.channel();
  }

  private static void set(Map<String, String> from, HttpHeaders to) {
    from.forEach(to::set);
  }
}
