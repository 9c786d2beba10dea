package io.eksnet.probe.tls;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Tls;
import io.eksnet.probe.net.TlsContext;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes TLS handshakes. */
final class TlsProbe implements Probe {
  private final TlsProbeSettings settings;
  private final Network network;
  private final Tls tls;

  TlsProbe(TlsProbeSettings settings, Network network) {
    this.settings = settings;
    this.network = network;
    this.tls = new Tls(network, settings.tls(), List.of());
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    return Run.on(
        network,
        timeout,
        run -> run.awaitSetup(tls.context(), context -> connect(run, target, context)));
  }

  private void connect(Run run, Target target, TlsContext context) {
    run.startClock();
    var serverName = settings.tls().serverName().orElse(target.host());
    Lookup.each(
        run,
        target.host(),
        settings.family(),
        settings.addresses(),
        (part, address) ->
            new TlsConnection(part, settings.minValidFor())
                .open(
                    new InetSocketAddress(address, target.port()),
                    Optional.of(context.handshake(serverName))));
  }

  /** Succeeds after the handshake, unless the certificate expires too soon. */
  private static final class TlsConnection extends Connection {
    private final Duration minValidFor;

    TlsConnection(Run run, Duration minValidFor) {
      super(run);
      this.minValidFor = minValidFor;
    }

    @Override
    protected void onReady(ChannelHandlerContext ctx) {
      var earliest = Instant.now().plus(minValidFor);
      var expiry = run().certificateExpiry().filter(end -> end.isBefore(earliest));
      if (minValidFor.isZero() || expiry.isEmpty()) {
        run().succeed();
      } else {
        run()
            .fail(
                Phase.TLS,
                Cause.TLS_EXPIRED,
                "a certificate of the chain expires at "
                    + expiry.get()
                    + ", sooner than min_valid_for ("
                    + minValidFor.toSeconds()
                    + " s) allows");
      }
    }
  }
}
