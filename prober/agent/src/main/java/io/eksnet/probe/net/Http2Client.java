package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
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
import java.util.Optional;
import java.util.function.Consumer;

/** HTTP/2 on a connection with one stream (RFC 9113). */
public final class Http2Client {
  /** The maximum size of the header list of a response. */
  public static final int MAX_HEADER_BYTES = 65_536;

  private Http2Client() {}

  /**
   * Adds the codec before {@code handler}, which takes the failures of the connection, and opens
   * the stream.
   *
   * @param opened takes the stream
   * @param handlers of the stream
   */
  public static void open(
      ChannelHandlerContext ctx,
      Connection handler,
      Consumer<Channel> opened,
      ChannelHandler... handlers) {
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
                stream.pipeline().addLast(handlers);
              }
            })
        .open()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                opened.accept((Channel) done.getNow());
              } else {
                handler.exceptionCaught(ctx, done.cause());
              }
            });
  }

  /** How the server refused the stream, if {@code event} is a refusal. */
  public static Optional<String> refusal(Object event) {
    if (event instanceof Http2ResetFrame reset) {
      return Optional.of("the server reset the stream with " + name(reset.errorCode()));
    }
    if (event instanceof Http2GoAwayFrame goAway) {
      return Optional.of("the server sent GOAWAY with " + name(goAway.errorCode()));
    }
    return Optional.empty();
  }

  /** Fails the run for an exception of HTTP/2; false if it is another one. */
  public static boolean fail(Run run, Throwable error) {
    var protocol = false;
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof Http2Exception.HeaderListSizeException || isOfHeaderSize(e)) {
        run.fail(Cause.TOO_LARGE, "the headers are longer than " + MAX_HEADER_BYTES + " bytes");
        return true;
      }
      protocol |= e instanceof Http2Exception || e instanceof Http2FrameStreamException;
    }
    if (protocol) {
      run.fail(Cause.HTTP_PROTOCOL, "the response is not valid HTTP/2");
    }
    return protocol;
  }

  /** Netty closes the connection with an exception of no type of its own. */
  private static boolean isOfHeaderSize(Throwable error) {
    return error instanceof Http2Exception
        && String.valueOf(error.getMessage()).startsWith("Header size exceeded");
  }

  private static String name(long code) {
    var error = Http2Error.valueOf(code);
    return error == null ? "error " + code : error.name();
  }
}
