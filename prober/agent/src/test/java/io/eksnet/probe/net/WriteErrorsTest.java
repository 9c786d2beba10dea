package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WriteErrorsTest {
  private final List<String> order = new ArrayList<>();
  private final List<Runnable> timers = new ArrayList<>();

  /** A socket whose peer has reset the connection, and what is read from it. */
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new Socket(),
          new WriteErrors(
              step -> {
                timers.add(step);
                return new CompletableFuture<>();
              }),
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
              order.add("read " + message);
            }
          });

  private void write(String message) {
    channel
        .writeAndFlush(message)
        .addListener(done -> order.add(message + " failed: " + done.cause().getMessage()));
  }

  @Test
  void whatThePeerSentIsReadBeforeTheWriteFails() {
    write("request");
    assertThat(order).isEmpty();

    channel.writeInbound("alert");
    channel.close();

    assertThat(order).containsExactly("read alert", "request failed: Connection reset by peer");
  }

  @Test
  void aWriteFailsInTheEndWhenThePeerSentNothing() {
    write("headers");
    write("body");
    assertThat(timers).hasSize(1);

    timers.get(0).run();

    assertThat(order)
        .containsExactly(
            "headers failed: Connection reset by peer", "body failed: Connection reset by peer");
  }

  @Test
  void aHandlerThatClosesTheChannelTellsWhyFirst() {
    write("slow request");
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.pipeline().close();
              order.add("why");
            });
    channel.runPendingTasks();

    assertThat(order).containsExactly("why", "slow request failed: Connection reset by peer");
  }

  /** Fails what is written at once, and what is slow when it is closed. */
  private static final class Socket extends ChannelDuplexHandler {
    private final List<ChannelPromise> slow = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise written) {
      if (message.toString().startsWith("slow")) {
        slow.add(written);
      } else {
        fail(written);
      }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise closed) {
      ctx.close(closed);
      slow.forEach(Socket::fail);
    }

    private static void fail(ChannelPromise written) {
      written.setFailure(new IOException("Connection reset by peer"));
    }
  }
}
