package io.eksnet.probe.tls;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Dialogue;
import io.eksnet.probe.net.DialogueStep;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.StartTls;
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
  /** Mail servers announce their extensions before TLS; none announces this much. */
  private static final int MAX_STARTTLS_BYTES = 16_384;

  private final TlsProbeSettings settings;
  private final Network network;
  private final Tls tls;
  private final List<DialogueStep> steps;

  TlsProbe(TlsProbeSettings settings, Network network) {
    this.settings = settings;
    this.network = settings.network().of(network);
    this.tls = new Tls(this.network, settings.tls(), List.of());
    this.steps = settings.starttls().map(StartTls::steps).orElse(List.of());
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    var outcome =
        Run.on(
            network,
            timeout,
            run -> run.awaitSetup(tls.context(), context -> connect(run, target, context)));
    return settings.expectRefused() ? outcome.map(RefusedHandshake::of) : outcome;
  }

  private void connect(Run run, Target target, TlsContext context) {
    run.startClock();
    var serverName = settings.tls().serverName().orElse(target.host());
    Lookup.each(
        run,
        target.host(),
        settings.family(),
        settings.addresses(),
        (part, address) -> {
          var handshake = Optional.of(context.handshake(serverName));
          new TlsConnection(part, handshake)
              .open(
                  new InetSocketAddress(address, target.port()),
                  settings.starttls().isPresent() ? Optional.empty() : handshake,
                  settings.proxyProtocol());
        });
  }

  /** Succeeds after the handshake, unless the certificate expires too soon. */
  private final class TlsConnection extends Dialogue {
    TlsConnection(Run run, Optional<Handshake> handshake) {
      super(run, steps, handshake, MAX_STARTTLS_BYTES);
    }

    @Override
    protected void onCompleted(ChannelHandlerContext ctx) {
      var minValidFor = settings.minValidFor();
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
