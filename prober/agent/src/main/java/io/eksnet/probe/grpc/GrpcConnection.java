package io.eksnet.probe.grpc;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Http2Client;
import io.eksnet.probe.net.Run;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * One call and its response (gRPC over HTTP2). This handler is the last one of the connection and
 * of its only stream.
 */
@Sharable
final class GrpcConnection extends Connection {
  /** A response has a few bytes. */
  private static final int MAX_MESSAGE_BYTES = 16_384;

  private static final int INFORMATIONAL = 1;

  private final HealthCall call;
  private final ByteBuf message = Unpooled.buffer(32, MAX_MESSAGE_BYTES);
  private boolean responded;

  GrpcConnection(Run run, HealthCall call) {
    super(run);
    this.call = call;
  }

  @Override
  protected void onReady(ChannelHandlerContext ctx) {
    var tls = ctx.pipeline().get(SslHandler.class);
    if (tls != null && !"h2".equals(tls.applicationProtocol())) {
      run().fail(Phase.PROCESSING, Cause.HTTP_PROTOCOL, "the server does not offer HTTP/2 (ALPN)");
      return;
    }
    run().enter(Phase.PROCESSING);
    Http2Client.open(ctx, this, stream -> send(ctx, stream, tls != null), this);
  }

  private void send(ChannelHandlerContext ctx, Channel stream, boolean secure) {
    var left = run().deadline().left(run().network().now());
    var headers = call.headers(secure, TimeUnit.NANOSECONDS.toMillis(left));
    afterSending(ctx, stream.write(new DefaultHttp2HeadersFrame(headers)), () -> {});
    afterSending(
        ctx, stream.writeAndFlush(new DefaultHttp2DataFrame(call.message(), true)), () -> {});
  }

  @Override
  protected void onMessage(ChannelHandlerContext ctx, Object frame) {
    if (frame instanceof Http2HeadersFrame headers) {
      onHeaders(headers.headers(), headers.isEndStream());
    } else if (frame instanceof Http2DataFrame data) {
      onData(data);
    }
  }

  private void onHeaders(Http2Headers headers, boolean last) {
    if (!responded && !onHead(headers)) {
      return;
    }
    if (last && !run().isOver()) {
      onEnd(headers);
    }
  }

  /** Whether the response goes on. */
  private boolean onHead(Http2Headers headers) {
    var status = String.valueOf(headers.status());
    if (!status.matches("[1-9]\\d\\d")) {
      run().fail(Cause.HTTP_PROTOCOL, "the response has no valid status");
      return false;
    }
    if (status.charAt(0) - '0' == INFORMATIONAL) {
      return false;
    }
    responded = true;
    run().enter(Phase.TRANSFER);
    run().trace("status", status);
    run().note(new Note.Answered(Integer.parseInt(status), false));
    if (!status.equals("200")) {
      run().fail(Phase.PROCESSING, Cause.HTTP_STATUS, "status " + status + ", expected 200");
    } else if (!String.valueOf(headers.get("content-type")).startsWith("application/grpc")) {
      run()
          .fail(
              Phase.PROCESSING,
              Cause.HTTP_PROTOCOL,
              "the response is not gRPC: its content type is not application/grpc");
    }
    return !run().isOver();
  }

  private void onData(Http2DataFrame data) {
    if (data.content().readableBytes() > MAX_MESSAGE_BYTES - message.readableBytes()) {
      run().fail(Cause.TOO_LARGE, "the message is longer than " + MAX_MESSAGE_BYTES + " bytes");
      return;
    }
    message.writeBytes(data.content());
    if (data.isEndStream()) {
      run().fail(Cause.HTTP_PROTOCOL, "the response ends without grpc-status");
    }
  }

  private void onEnd(Http2Headers trailers) {
    var code = trailers.get("grpc-status");
    if (code == null) {
      run().fail(Cause.HTTP_PROTOCOL, "the response ends without grpc-status");
      return;
    }
    var status = GrpcStatus.of(code, trailers.get("grpc-message", ""));
    run().trace("grpc-status", status.code());
    if (!status.isOk()) {
      run().fail(Cause.GRPC_STATUS, status.describe());
      return;
    }
    var health = HealthCall.status(message);
    if (health.isEmpty()) {
      run().fail(Cause.HTTP_PROTOCOL, "the response has no message of the health service");
    } else if (health.getAsInt() == HealthCall.SERVING) {
      run().succeed();
    } else {
      run()
          .fail(
              Cause.GRPC_NOT_SERVING,
              "the health service reports " + HealthCall.name(health.getAsInt()));
    }
  }

  @Override
  protected void onClosed(ChannelHandlerContext ctx) {
    run()
        .fail(
            Cause.RESET,
            "the peer closed the connection "
                + (responded ? "in the middle of its response" : "before its response"));
  }

  @Override
  protected void onEvent(Object event) {
    Http2Client.refusal(event).ifPresent(what -> run().fail(Cause.HTTP_PROTOCOL, what));
  }

  @Override
  protected void onError(Throwable error) {
    if (!Http2Client.fail(run(), error)) {
      super.onError(error);
    }
  }
}
