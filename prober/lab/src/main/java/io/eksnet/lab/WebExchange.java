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
import io.netty.handler.codec.http.DefaultLastHttpContent;
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
import io.netty.handler.stream.ChunkedStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends valid and faulty responses to a request over HTTP/1.1 or HTTP/2. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
final class WebExchange {
  private final ChannelHandlerContext context;
  private final HttpMethod method;

  WebExchange(ChannelHandlerContext context, HttpMethod method) {
    this.context = context;
    this.method = method;
  }

  /** Sends a complete response. */
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

  /** Sends a gRPC response with its status in the trailers. */
  void sendGrpc(int status, byte[] message) {
    sendHeaders(Map.of("content-type", "application/grpc"));
    var end = new DefaultLastHttpContent(Unpooled.wrappedBuffer(message));
    end.trailingHeaders().set("grpc-status", status);
    context.writeAndFlush(end);
  }

  /** Sends an informational response. */
  void sendInformational(int status) {
    context.writeAndFlush(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)));
  }

  /** Sends status 200 and headers; a body without a length is chunked in HTTP/1.1. */
  void sendHeaders(Map<String, String> headers) {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(CONTENT_TYPE, "text/plain; charset=utf-8");
    set(headers, response.headers());
    if (!isHttp2() && !response.headers().contains(CONTENT_LENGTH)) {
      HttpUtil.setTransferEncodingChunked(response, true);
    }
    context.writeAndFlush(response);
  }

  /** Sends a part of the body. */
  void sendPart(String text) {
    context.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, UTF_8)));
  }

  /** Sends a body as fast as the client reads. */
  void sendBody(long length) {
    context.writeAndFlush(new HttpChunkedInput(new ChunkedStream(new RepeatedByte(length))));
  }

  /** Ends the body. */
  void end() {
    context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** Sends bytes past the HTTP codec and closes the connection. */
  void sendRawAndClose(String bytes) {
    var pipeline = connection().pipeline();
    var codec =
        isHttp2()
            ? pipeline.context(Http2FrameCodec.class)
            : pipeline.context(HttpServerCodec.class);
    codec
        .writeAndFlush(Unpooled.copiedBuffer(bytes, UTF_8))
        .addListener((ChannelFutureListener) sent -> close());
  }

  /** Closes the connection, in HTTP/2 without GOAWAY. */
  void close() {
    if (isHttp2()) {
      var connection = connection();
      connection.unsafe().close(connection.voidPromise());
    } else {
      context.close();
    }
  }

  /** Resets the connection. */
  void reset() {
    ConnectionHandlers.reset(connection());
  }

  /** Runs a task after a delay if the connection is still open. */
  void schedule(Duration delay, Runnable task) {
    context
        .executor()
        .schedule(
            () -> {
              if (context.channel().isActive()) {
                task.run();
              }
            },
            delay.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  boolean isHttp2() {
    return context.channel() instanceof Http2StreamChannel;
  }

  /** The TCP connection of the request. */
  Channel connection() {
    return isHttp2() ? context.channel().parent() : context.channel();
  }

  private static void set(Map<String, String> from, HttpHeaders to) {
    from.forEach(to::set);
  }

  /** A stream of the letter x. */
  private static final class RepeatedByte extends InputStream {
    private long left;

    RepeatedByte(long length) {
      left = length;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'x' : -1;
    }

    /** Netty reads chunks of this size at most. */
    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE / 2, Math.max(0, left));
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(buffer, offset, offset + count, (byte) 'x');
      left -= count;
      return count;
    }
  }
}
