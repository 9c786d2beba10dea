package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Run;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a connection of their own. The codecs of Netty give the same
 * objects for HTTP/1.1 and for HTTP/2; with HTTP/2 this handler is the last one of the connection,
 * which fails, and of its only stream, which has the response.
 */
@Sharable
final class HttpExchange extends Connection {
  private static final int MAX_HEADER_BYTES = 65_536;
  private static final byte[] HTTP1_START = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  private static final HttpDecoderConfig HTTP1_LIMITS =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(4096)
          .setMaxHeaderSize(MAX_HEADER_BYTES)
          .setMaxChunkSize(65_536);

  private final HttpRequestSpec request;
  private final HttpVersion version;
  private final boolean keepsBody;
  private final int maxBody;
  private final Consumer<HttpResponseData> onHead;
  private final Consumer<HttpResponseData> onComplete;
  private boolean http2;
  private boolean interim;
  private @Nullable HttpResponseData response;

  /**
   * @param keepsBody whether the body is kept, or only counted
   * @param onHead takes status and headers, and may fail the run
   * @param onComplete takes the whole response
   */
  HttpExchange(
      Run run,
      HttpRequestSpec request,
      HttpVersion version,
      boolean keepsBody,
      int maxBody,
      Consumer<HttpResponseData> onHead,
      Consumer<HttpResponseData> onComplete) {
    super(run);
    this.request = request;
    this.version = version;
    this.keepsBody = keepsBody;
    this.maxBody = maxBody;
    this.onHead = onHead;
    this.onComplete = onComplete;
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
      sendHttp2(ctx);
    } else {
      ctx.pipeline()
          .addBefore(ctx.name(), null, new FirstBytes())
          .addBefore(ctx.name(), null, new HttpClientCodec(HTTP1_LIMITS, false, false));
      send(ctx.channel());
    }
  }

  private void sendHttp2(ChannelHandlerContext ctx) {
    var settings =
        Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(MAX_HEADER_BYTES);
    ctx.pipeline()
        .addBefore(
            ctx.name(),
            null,
            Http2FrameCodecBuilder.forClient()
                .initialSettings(settings)
                .decoupleCloseAndGoAway(true)
                .build())
        .addBefore(ctx.name(), null, new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    new Http2StreamChannelBootstrap(ctx.channel())
        .handler(
            new ChannelInitializer<Http2StreamChannel>() {
              @Override
              protected void initChannel(Http2StreamChannel stream) {
                stream
                    .pipeline()
                    .addLast(new Http2StreamFrameToHttpObjectCodec(false), HttpExchange.this);
              }
            })
        .open()
        .addListener(
            opened -> {
              if (opened.isSuccess()) {
                send((Channel) opened.getNow());
              } else {
                exceptionCaught(ctx, opened.cause());
              }
            });
  }

  private void send(Channel channel) {
    channel
        .writeAndFlush(request.toNetty(channel.alloc()))
        .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
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
    interim = status.codeClass() == HttpStatusClass.INFORMATIONAL && status.code() != 101;
    if (interim) {
      return;
    }
    if (http2) {
      // Not sent, but added by Netty, as HTTP/1.1 would have it.
      head.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
    }
    run().trace("status", Integer.toString(status.code()));
    response = new HttpResponseData(status.code(), head.headers(), keepsBody);
    onHead.accept(response);
  }

  private void onContent(HttpContent content) {
    var last = content instanceof LastHttpContent;
    if (interim) {
      if (last) {
        run().enter(Phase.PROCESSING); // the response is still to come (RFC 9110 section 15.2)
      }
    } else if (response != null && !response.append(content.content(), maxBody)) {
      run().fail(Phase.TRANSFER, Cause.TOO_LARGE, "the body is longer than " + maxBody + " bytes");
    } else if (response != null && last) {
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
              phase, Cause.TOO_LARGE, "the headers are longer than " + MAX_HEADER_BYTES + " bytes");
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
    if (event instanceof Http2ResetFrame reset) {
      refused("the server reset the stream with ", reset.errorCode());
    } else if (event instanceof Http2GoAwayFrame goAway) {
      refused("the server sent GOAWAY with ", goAway.errorCode());
    }
  }

  private void refused(String what, long code) {
    var error = Http2Error.valueOf(code);
    run()
        .fail(
            response == null ? Phase.PROCESSING : Phase.TRANSFER,
            Cause.HTTP_PROTOCOL,
            what + (error == null ? "error " + code : error.name()));
  }

  @Override
  protected void onError(Throwable error) {
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof Http2Exception.HeaderListSizeException) {
        run().fail(Cause.TOO_LARGE, "the headers are longer than " + MAX_HEADER_BYTES + " bytes");
        return;
      }
      if (e instanceof Http2Exception || e instanceof Http2FrameStreamException) {
        run().fail(Cause.HTTP_PROTOCOL, "the response is not valid HTTP/2");
        return;
      }
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
