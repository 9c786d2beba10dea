package io.eksnet.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How a web service receives a connection: at once with a fault, or with TLS and HTTP. */
@SuppressWarnings(
    "FutureReturnValueIgnored") // Closing is all that is wanted of a broken connection.
record WebDoor(
    Switch<WebFault> control, @Nullable Tls tls, AtomicLong connections, AtomicLong requests) {
  private static final int LARGEST_REQUEST = 1 << 20;

  static WebDoor of(@Nullable Tls tls) {
    return new WebDoor(new Switch<>(WebFault.NONE), tls, new AtomicLong(), new AtomicLong());
  }

  ChannelHandler handler() {
    return new ChannelInitializer<SocketChannel>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        connections.incrementAndGet();
        receive(channel.pipeline(), control.fault());
      }
    };
  }

  private void receive(ChannelPipeline pipeline, WebFault fault) {
    switch (fault) {
      case ACCEPT_RESET -> pipeline.addLast(new Behaviour.ResetOnAccept());
      case ACCEPT_CLOSE -> pipeline.addLast(new Behaviour.SayAndClose(""));
      case ACCEPT_STALL, TLS_STALL -> pipeline.addLast(new Behaviour.Silence());
      case TLS_RESET -> pipeline.addLast(new Behaviour.ResetOnData(""));
      case TLS_GARBAGE ->
          pipeline.addLast(new Behaviour.SayAndClose("HTTP/1.1 400 Bad Request\r\n\r\n"));
      default -> speak(pipeline, fault);
    }
  }

  private void speak(ChannelPipeline pipeline, WebFault fault) {
    if (tls == null) {
      pipeline.addLast(new PriorKnowledge());
    } else {
      pipeline.addLast(tls.under(fault).newHandler(pipeline.channel().alloc()));
      pipeline.addLast(new Negotiated());
    }
  }

  private void http1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler());
    requests(pipeline);
  }

  private void http2(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer().build(),
        new Http2MultiplexHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                requests(stream.pipeline());
              }
            }));
  }

  private void requests(ChannelPipeline pipeline) {
    pipeline.addLast(
        new HttpObjectAggregator(LARGEST_REQUEST),
        new ChunkedWriteHandler(),
        new WebPages(control, requests));
  }

  /** The protocol that ALPN agreed on (RFC 7301). */
  private final class Negotiated extends ApplicationProtocolNegotiationHandler {
    Negotiated() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        http2(context.pipeline());
      } else {
        http1(context.pipeline());
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** HTTP/2 without TLS begins with its preface (RFC 9113 section 3.3), all else is HTTP/1.1. */
  private final class PriorKnowledge extends ByteToMessageDecoder {
    private static final ByteBuf PREFACE =
        Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("PRI * HTTP/2.0", StandardCharsets.US_ASCII));

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int known = Math.min(in.readableBytes(), PREFACE.readableBytes());
      boolean same = ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, known);
      if (same && known < PREFACE.readableBytes()) {
        return;
      }
      if (same) {
        http2(context.pipeline());
      } else {
        http1(context.pipeline());
      }
      context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
