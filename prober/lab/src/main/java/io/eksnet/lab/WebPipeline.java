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

/** Sets up the connections of a web server: a fault, or TLS and HTTP. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
record WebPipeline(FaultSwitch<WebFault> control, @Nullable ServerTls tls, AtomicLong connections) {
  private static final int MAX_REQUEST_BYTES = 1 << 20;

  static WebPipeline of(@Nullable ServerTls tls) {
    return new WebPipeline(new FaultSwitch<>(WebFault.NONE), tls, new AtomicLong());
  }

  ChannelHandler handler() {
    return new ChannelInitializer<SocketChannel>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        connections.incrementAndGet();
        initialize(channel.pipeline(), control.fault());
      }
    };
  }

  private void initialize(ChannelPipeline pipeline, WebFault fault) {
    switch (fault) {
      case ACCEPT_RESET -> pipeline.addLast(new ConnectionHandlers.ResetOnAccept());
      case ACCEPT_CLOSE -> pipeline.addLast(new ConnectionHandlers.SendAndClose(""));
      case ACCEPT_STALL, TLS_STALL -> pipeline.addLast(new ConnectionHandlers.ReadOnly());
      case TLS_RESET -> pipeline.addLast(new ConnectionHandlers.ResetOnData(""));
      case TLS_GARBAGE ->
          pipeline.addLast(new ConnectionHandlers.SendAndClose("HTTP/1.1 400 Bad Request\r\n\r\n"));
      default -> addProtocol(pipeline, fault);
    }
  }

  private void addProtocol(ChannelPipeline pipeline, WebFault fault) {
    if (tls == null) {
      pipeline.addLast(new PriorKnowledgeHandler());
    } else {
      pipeline.addLast(tls.context(fault).newHandler(pipeline.channel().alloc()));
      pipeline.addLast(new AlpnHandler());
    }
  }

  private void addHttp1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler());
    addRequestHandlers(pipeline);
  }

  private void addHttp2(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer().build(),
        new Http2MultiplexHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                addRequestHandlers(stream.pipeline());
              }
            }));
  }

  private void addRequestHandlers(ChannelPipeline pipeline) {
    pipeline.addLast(
        new HttpObjectAggregator(MAX_REQUEST_BYTES),
        new ChunkedWriteHandler(),
        new WebPages(control));
  }

  /** Selects the protocol by ALPN (RFC 7301). */
  private final class AlpnHandler extends ApplicationProtocolNegotiationHandler {
    AlpnHandler() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        addHttp2(context.pipeline());
      } else {
        addHttp1(context.pipeline());
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

  /** HTTP/2 without TLS starts with a preface (RFC 9113 section 3.3). */
  private final class PriorKnowledgeHandler extends ByteToMessageDecoder {
    private static final ByteBuf PREFACE =
        Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("PRI * HTTP/2.0", StandardCharsets.US_ASCII));

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int length = Math.min(in.readableBytes(), PREFACE.readableBytes());
      boolean matches = ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, length);
      if (matches && length < PREFACE.readableBytes()) {
        return;
      }
      if (matches) {
        addHttp2(context.pipeline());
      } else {
        addHttp1(context.pipeline());
      }
      context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
