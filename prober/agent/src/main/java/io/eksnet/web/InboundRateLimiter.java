package io.eksnet.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that sends more bytes than requests have. Requests here are small, so a
 * client that exceeds the rate floods the server with frames such as SETTINGS, PING, PRIORITY or
 * WINDOW_UPDATE (CVE-2019-9512 to 9518), each of which costs more than its few bytes.
 */
final class InboundRateLimiter extends ChannelInboundHandlerAdapter {
  /** More than the WINDOW_UPDATE frames of a client that reads 64 MiB at once. */
  static final long BURST_BYTES = 256 * 1_024;

  static final long BYTES_PER_SECOND = 64 * 1_024;

  private double available = BURST_BYTES;
  private long refilledAt = System.nanoTime();

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && !take(bytes.readableBytes(), System.nanoTime())) {
      bytes.release();
      context.close();
      return;
    }
    context.fireChannelRead(message);
  }

  /** Whether {@code bytes} more may be received at {@code now}, in nanoseconds. */
  boolean take(int bytes, long now) {
    var elapsed = (double) (now - refilledAt) / TimeUnit.SECONDS.toNanos(1);
    available = Math.min(BURST_BYTES, available + elapsed * BYTES_PER_SECOND) - bytes;
    refilledAt = now;
    return available >= 0;
  }
}
