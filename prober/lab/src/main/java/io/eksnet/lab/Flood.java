package io.eksnet.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.nio.charset.StandardCharsets;

/** A body of the letter x, of a length, written as fast as the client reads. */
final class Flood implements ChunkedInput<ByteBuf> {
  private static final byte[] PIECE = "x".repeat(16_384).getBytes(StandardCharsets.US_ASCII);

  private final long length;
  private long sent;

  Flood(long length) {
    this.length = length;
  }

  @Override
  public boolean isEndOfInput() {
    return sent >= length;
  }

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) {
    int piece = (int) Math.min(PIECE.length, length - sent);
    sent += piece;
    return Unpooled.wrappedBuffer(PIECE, 0, piece);
  }

  @Override
  @Deprecated // In Netty, which still asks for it.
  @SuppressWarnings("InlineMeSuggester")
  public ByteBuf readChunk(ChannelHandlerContext context) {
    return readChunk(context.alloc());
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public long progress() {
    return sent;
  }

  @Override
  public void close() {
    sent = length;
  }
}
