package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InboundRateLimiterTest {
  /** An HTTP/2 frame header; a SETTINGS or PRIORITY frame is hardly longer (RFC 9113 4.1). */
  private static final int FRAME_BYTES = 9;

  @Test
  void closesAConnectionThatFloodsFrames() {
    var channel = new EmbeddedChannel(new InboundRateLimiter());
    var frames = 0;
    while (channel.isOpen() && frames < 1_000_000) {
      channel.writeInbound(Unpooled.buffer().writeZero(FRAME_BYTES));
      channel.releaseInbound();
      frames++;
    }

    assertThat(channel.isOpen()).isFalse();
    assertThat(frames).isBetween((int) (InboundRateLimiter.BURST_BYTES / FRAME_BYTES), 100_000);
  }

  @Test
  void admitsASteadyRateAndARestAfterAPause() {
    var limiter = new InboundRateLimiter();
    var now = System.nanoTime();
    for (var second = 0; second < 60; second++) {
      assertThat(limiter.take((int) InboundRateLimiter.BYTES_PER_SECOND, now)).isTrue();
      now += TimeUnit.SECONDS.toNanos(1);
    }
    now += TimeUnit.SECONDS.toNanos(10);
    assertThat(limiter.take((int) InboundRateLimiter.BURST_BYTES, now)).isTrue();
    assertThat(limiter.take(1_000, now)).isFalse();
  }
}
