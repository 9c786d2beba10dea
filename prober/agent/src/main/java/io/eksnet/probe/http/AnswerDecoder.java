package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.ProbeFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Decodes the answer to one request of HTTP/1, and tells when its first byte is there. */
final class AnswerDecoder extends HttpResponseDecoder {
  private static final byte[] START = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final HttpDecoderConfig LIMITS =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(4096)
          .setMaxHeaderSize(HttpConversation.LARGEST_HEAD)
          .setMaxChunkSize(65_536);

  private final boolean head;
  private final Runnable begun;
  private boolean told;
  private int compared;

  /**
   * @param head whether the request was a HEAD, whose answer has no body whatever it says
   * @param begun called at the first byte of each response, interim ones too
   */
  AnswerDecoder(boolean head, Runnable begun) {
    super(LIMITS);
    this.head = head;
    this.begun = begun;
  }

  /** The next response begins a new message. */
  void again() {
    told = false;
    compared = 0;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (!told && in.isReadable()) {
      told = true;
      begun.run();
    }
    requireHttp(in);
    super.decode(ctx, in, out);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return super.isContentAlwaysEmpty(message)
        || (head && message instanceof HttpResponse response && response.status().code() >= 200);
  }

  /** The decoder would wait for the end of a line that never comes. */
  private void requireHttp(ByteBuf in) throws ProbeFailure {
    while (compared < START.length && compared < in.readableBytes()) {
      if (in.getByte(in.readerIndex() + compared) != START[compared]) {
        in.skipBytes(in.readableBytes());
        throw new ProbeFailure(Phase.PROCESSING, Cause.HTTP_PROTOCOL, "what came is not HTTP/1");
      }
      compared++;
    }
  }
}
