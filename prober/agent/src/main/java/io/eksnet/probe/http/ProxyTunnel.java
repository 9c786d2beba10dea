package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Run;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Takes the response to a CONNECT request (RFC 9110 section 9.3.6). After a 2xx it removes itself
 * and the codec, and the connection is one to the target.
 */
final class ProxyTunnel extends ChannelInboundHandlerAdapter {
  private final Run run;
  private final String target;
  private final Runnable next;
  private boolean established;

  ProxyTunnel(Run run, String target, Runnable next) {
    this.run = run;
    this.target = target;
    this.next = next;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpResponse response && !run.isOver()) {
        onHead(response);
      }
      if (message instanceof LastHttpContent && established && !run.isOver()) {
        ctx.pipeline().remove(HttpRequestEncoder.class);
        ctx.pipeline().remove(LenientResponseDecoder.class);
        ctx.pipeline().remove(this);
        next.run();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void onHead(HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      fail("sent no valid response: " + response.decoderResult().cause().getMessage());
    } else if (response.status().codeClass() == HttpStatusClass.SUCCESS) {
      established = true;
    } else if (!HttpExchange.isInterim(response.status())) {
      fail("answered with status " + response.status().code());
    }
  }

  private void fail(String what) {
    run.fail(Phase.CONNECT, Cause.PROXY_FAILED, "the proxy " + what + " to CONNECT " + target);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!run.isOver()) {
      run.fail(
          Phase.CONNECT,
          Cause.PROXY_FAILED,
          "the proxy closed the connection after CONNECT " + target);
    }
  }
}
