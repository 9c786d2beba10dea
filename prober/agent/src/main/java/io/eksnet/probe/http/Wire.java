package io.eksnet.probe.http;

import io.eksnet.probe.net.ProbeFailure;
import io.netty.channel.ChannelHandlerContext;

/** A version of HTTP on a connection, for one request. */
interface Wire {
  /** Puts its codec into the pipeline and sends the request. */
  void ask(ChannelHandlerContext ctx, Ask ask);

  /** A message of its codec. */
  void heard(ChannelHandlerContext ctx, Object message) throws ProbeFailure;

  /** What it makes of an answer. */
  interface Listener {
    /** The first byte of an answer is there. */
    void begun();

    /** It was an interim answer (RFC 9110 section 15.2); the answer is still to come. */
    void interim();

    void head(Answer answer) throws ProbeFailure;

    void body(io.netty.buffer.ByteBuf piece) throws ProbeFailure;

    void end() throws ProbeFailure;
  }
}
