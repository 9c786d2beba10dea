package io.eksnet.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.nio.charset.StandardCharsets;

/** A body of the letter x with a given length. */
final class GeneratedBody implements ChunkedInput<ByteBuf> {
  private static final byte[] CHUNK = "x".repeat(16_384).getBytes(StandardCharsets.US_ASCII);

  private final long length;
  private long sent;

  GeneratedBody(long length) {
    this.length = length;
  }

  @Override
  public boolean isEndOfInput() {
    return sent >= length;
  }

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) {
    int size = (int) Math.min(CHUNK.length, length - sent);
    sent += size;
    return Unpooled.wrappedBuffer(CHUNK, 0, size);
  }

  @Override
  @Deprecated // Deprecated in Netty, which still requires it.
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
