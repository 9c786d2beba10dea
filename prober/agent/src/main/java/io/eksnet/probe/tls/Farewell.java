package io.eksnet.probe.tls;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Conversation;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.Run;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.time.Instant;

/** After the handshake there is nothing to say; only the end of the certificate may be too near. */
final class Farewell extends Conversation {
  private final Duration minValidFor;

  Farewell(Run run, Duration minValidFor) {
    super(run);
    this.minValidFor = minValidFor;
  }

  @Override
  protected void begin(ChannelHandlerContext ctx) {
    var needed = Instant.now().plus(minValidFor);
    var end = run().certificateExpiry().filter(first -> first.isBefore(needed));
    if (!minValidFor.isZero() && end.isPresent()) {
      run()
          .fail(
              new ProbeFailure(
                  Phase.TLS,
                  Cause.TLS_EXPIRED,
                  "a certificate of the chain ends at "
                      + end.get()
                      + ", before the time asked for is over ("
                      + minValidFor.toSeconds()
                      + " s)"));
    } else {
      run().succeed();
    }
  }

  @Override
  protected void heard(ChannelHandlerContext ctx, Object message) {}
}
