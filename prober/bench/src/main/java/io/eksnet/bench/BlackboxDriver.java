package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks blackbox_exporter for a probe as Prometheus does, over connections that stay. The duration
 * is what it reports.
 */
final class BlackboxDriver implements Attempt {
  private static final int PAGE = 1 << 20;

  private final EventLoop loop;
  private final InetSocketAddress blackbox;
  private final List<ByteBuf> requests;
  private final ArrayDeque<Line> idle = new ArrayDeque<>();

  BlackboxDriver(EventLoop loop, InetSocketAddress blackbox, String module, List<String> targets) {
    this.loop = loop;
    this.blackbox = blackbox;
    this.requests = targets.stream().map(target -> request(module, target)).toList();
  }

  private static ByteBuf request(String module, String target) {
    var text =
        "GET /probe?module="
            + module
            + "&target="
            + URLEncoder.encode(target, UTF_8)
            + " HTTP/1.1\r\nHost: blackbox\r\nAccept: text/plain;version=0.0.4\r\n"
            + "X-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n";
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(text.getBytes(UTF_8)));
  }

  @Override
  public void start(int target, Done done) {
    var line = idle.pollFirst();
    if (line == null) {
      line = new Line();
      line.connect();
    }
    line.ask(requests.get(target), done);
  }

  /** A connection with at most one request in flight. */
  private final class Line extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final Channel channel = new EpollSocketChannel();
    private @Nullable ByteBuf waiting;
    private @Nullable Done done;

    private void connect() {
      channel.pipeline().addLast(new HttpResponseDecoder(), new HttpObjectAggregator(PAGE), this);
      loop.register(channel);
      channel
          .connect(blackbox)
          .addListener(
              connected -> {
                if (!connected.isSuccess()) {
                  fail();
                }
              });
    }

    private void ask(ByteBuf request, Done done) {
      this.done = done;
      if (channel.isActive()) {
        write(request);
      } else {
        waiting = request;
      }
    }

    private void write(ByteBuf request) {
      channel.writeAndFlush(request.duplicate());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (waiting != null) {
        write(waiting);
        waiting = null;
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      var page = response.content().toString(UTF_8);
      var asked = done;
      done = null;
      idle.addFirst(this);
      if (asked != null) {
        if (MetricsText.value(page, "probe_success") == 1) {
          asked.succeeded((long) (MetricsText.value(page, "probe_duration_seconds") * 1e9));
        } else {
          asked.failed();
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      idle.remove(this);
      fail();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    private void fail() {
      if (done != null) {
        var asked = done;
        done = null;
        asked.failed();
      }
    }
  }
}
