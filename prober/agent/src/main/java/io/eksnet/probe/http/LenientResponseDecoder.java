package io.eksnet.probe.http;

import io.eksnet.probe.net.Http2Client;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * An HTTP/1 response as curl and the clients of Go take it, with a remark on each deviation from
 * RFC 9112: lines that end with LF alone (section 2.2), Content-Length beside Transfer-Encoding
 * (section 6.3), and a repeated Content-Length of the same value. Different lengths and malformed
 * chunks remain errors.
 */
final class LenientResponseDecoder extends HttpResponseDecoder {
  private static final int MAX_CHUNK_LINE_BYTES = 4096;
  private static final int MAX_PIECE_BYTES = 65_536;
  private static final Pattern REPEATED_LENGTH =
      Pattern.compile("(?is)\\ncontent-length[ \\t]*:(?:[^\\n]*,|.*\\ncontent-length[ \\t]*:)");

  /** RFC 9112 section 7.1: the size in hexadecimal, then extensions. */
  private static final Pattern CHUNK_SIZE =
      Pattern.compile("[ \\t]*([0-9A-Fa-f]{1,15})[ \\t]*(?:;.*)?", Pattern.DOTALL);

  private static final HttpDecoderConfig CONFIG =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(4096)
          .setMaxHeaderSize(Http2Client.MAX_HEADER_BYTES)
          .setMaxChunkSize(MAX_PIECE_BYTES)
          .setStrictLineParsing(false)
          .setAllowDuplicateContentLengths(true)
          .setUseRfc9112TransferEncoding(false);

  private final boolean toHead;
  private final Consumer<String> remark;
  private final StringBuilder head = new StringBuilder();
  private State state = State.HEAD;
  private long left;
  private int trailerBytes;
  private boolean bareLineFeed;

  private enum State {
    HEAD,
    /** Netty reads the body. */
    PLAIN_BODY,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    /** Whatever follows is discarded. */
    OVER
  }

  /**
   * @param toHead whether it answers a HEAD request, and so has no body
   * @param remark takes what is not as RFC 9112 has it
   */
  LenientResponseDecoder(boolean toHead, Consumer<String> remark) {
    super(CONFIG);
    this.toHead = toHead;
    this.remark = remark;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    switch (state) {
      case HEAD -> decodeHead(ctx, buffer, out);
      case PLAIN_BODY -> super.decode(ctx, buffer, out);
      case CHUNK_DATA -> decodeData(buffer, out);
      case OVER -> buffer.skipBytes(buffer.readableBytes());
      default -> decodeLine(buffer, out);
    }
  }

  /** Netty consumes whole lines, and the head before any of the body. */
  private void decodeHead(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    var from = buffer.readerIndex();
    var before = out.size();
    super.decode(ctx, buffer, out);
    head.append(buffer.toString(from, buffer.readerIndex() - from, StandardCharsets.ISO_8859_1));
    if (out.size() == before || !(out.get(before) instanceof HttpResponse response)) {
      return;
    }
    if (response.decoderResult().isFailure()) {
      state = State.OVER;
      return;
    }
    remarkOn(head.toString());
    head.setLength(0);
    if (out.get(out.size() - 1) instanceof LastHttpContent) {
      state = HttpExchange.isInterim(response.status()) ? State.HEAD : State.OVER;
      return;
    }
    state = HttpUtil.isTransferEncodingChunked(response) ? State.CHUNK_SIZE : State.PLAIN_BODY;
  }

  private void remarkOn(String text) {
    if (REPEATED_LENGTH.matcher(text).find()) {
      remark.accept("Content-Length is repeated");
    }
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      if (i == 0 || text.charAt(i - 1) != '\r') {
        remarkOnLineFeed();
      }
    }
  }

  private void remarkOnLineFeed() {
    if (!bareLineFeed) {
      bareLineFeed = true;
      remark.accept("lines end with LF instead of CRLF");
    }
  }

  private void decodeLine(ByteBuf buffer, List<Object> out) {
    var bound = state == State.TRAILERS ? Http2Client.MAX_HEADER_BYTES : MAX_CHUNK_LINE_BYTES;
    var end = buffer.bytesBefore((byte) '\n');
    if (end > bound || (end < 0 && buffer.readableBytes() > bound)) {
      buffer.skipBytes(buffer.readableBytes());
      fail(new TooLongFrameException("a line is longer than " + bound + " bytes"), out);
      return;
    }
    if (end < 0) {
      return;
    }
    var line = buffer.readCharSequence(end + 1, StandardCharsets.ISO_8859_1).toString();
    if (!line.endsWith("\r\n")) {
      remarkOnLineFeed();
    }
    onLine(line.substring(0, line.length() - (line.endsWith("\r\n") ? 2 : 1)), out);
  }

  private void onLine(String line, List<Object> out) {
    switch (state) {
      case CHUNK_SIZE -> {
        var size = CHUNK_SIZE.matcher(line);
        if (!size.matches()) {
          fail(new IllegalArgumentException("a chunk has no valid size"), out);
          return;
        }
        left = Long.parseLong(size.group(1), 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK_DATA;
      }
      case CHUNK_END -> {
        if (line.isEmpty()) {
          state = State.CHUNK_SIZE;
        } else {
          fail(new IllegalArgumentException("a chunk is longer than its size"), out);
        }
      }
      default -> onTrailer(line, out);
    }
  }

  private void onTrailer(String line, List<Object> out) {
    trailerBytes += line.length();
    if (line.isEmpty()) {
      state = State.OVER;
      out.add(new DefaultLastHttpContent());
    } else if (trailerBytes > Http2Client.MAX_HEADER_BYTES) {
      fail(new TooLongFrameException("trailers"), out);
    }
  }

  private void decodeData(ByteBuf buffer, List<Object> out) {
    var length = (int) Math.min(Math.min(left, buffer.readableBytes()), MAX_PIECE_BYTES);
    out.add(new DefaultHttpContent(buffer.readRetainedSlice(length)));
    left -= length;
    if (left == 0) {
      state = State.CHUNK_END;
    }
  }

  private void fail(Exception error, List<Object> out) {
    state = State.OVER;
    HttpContent invalid = new DefaultLastHttpContent();
    invalid.setDecoderResult(DecoderResult.failure(error));
    out.add(invalid);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return toHead || super.isContentAlwaysEmpty(message);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    remark.accept("Content-Length beside Transfer-Encoding, which overrides it");
    super.handleTransferEncodingChunkedWithContentLength(message);
  }
}
