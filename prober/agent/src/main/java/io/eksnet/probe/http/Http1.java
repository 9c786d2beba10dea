package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.ProbeFailure;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** HTTP/1.1 (RFC 9112). */
final class Http1 implements Wire {
  private final Listener listener;
  private final boolean keepsBody;
  private final AnswerDecoder decoder;
  private boolean interim;

  Http1(Listener listener, boolean head, boolean keepsBody) {
    this.listener = listener;
    this.keepsBody = keepsBody;
    this.decoder = new AnswerDecoder(head, listener::begun);
  }

  @Override
  public void ask(ChannelHandlerContext ctx, Ask ask) {
    ctx.pipeline().addBefore(ctx.name(), null, decoder);
    ctx.writeAndFlush(ask.http1(ctx.alloc()))
        .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  @Override
  public void heard(ChannelHandlerContext ctx, Object message) throws ProbeFailure {
    if (message instanceof HttpResponse response) {
      requireSound(response.decoderResult(), Phase.PROCESSING);
      interim =
          response.status().codeClass() == HttpStatusClass.INFORMATIONAL
              && response.status().code() != 101;
      if (!interim) {
        listener.head(new Answer(response.status().code(), response.headers()::getAll, keepsBody));
      }
    }
    if (message instanceof HttpContent content) {
      content(content);
    }
  }

  private void content(HttpContent content) throws ProbeFailure {
    requireSound(content.decoderResult(), Phase.TRANSFER);
    if (interim) {
      if (content instanceof LastHttpContent) {
        decoder.again();
        listener.interim();
      }
      return;
    }
    if (content.content().isReadable()) {
      listener.body(content.content());
    }
    if (content instanceof LastHttpContent) {
      listener.end();
    }
  }

  private static void requireSound(DecoderResult result, Phase phase) throws ProbeFailure {
    if (result.isSuccess()) {
      return;
    }
    var flaw = result.cause();
    if (flaw instanceof TooLongFrameException) {
      throw new ProbeFailure(phase, Cause.TOO_LARGE, "the head of the answer is too large");
    }
    if (flaw instanceof PrematureChannelClosureException) {
      throw new ProbeFailure(phase, Cause.RESET, "the peer closed the connection in its answer");
    }
    throw new ProbeFailure(phase, Cause.HTTP_PROTOCOL, "malformed HTTP/1: " + flaw.getMessage());
  }
}
