package io.eksnet.probe.tls;

import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Tls;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes handshakes. */
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
        network, timeout, run -> run.need(tls.ready(), ready -> meet(run, target, ready)));
  }

  private void meet(Run run, Target target, Tls.Ready ready) {
    run.setOut();
    Lookup.each(
        run,
        target.host(),
        settings.family(),
        settings.addresses(),
        (part, address) ->
            Connection.open(
                part,
                new InetSocketAddress(address, target.port()),
                Optional.of(handshake(ready, target)),
                new Farewell(part, settings.minValidFor())));
  }

  private Handshake handshake(Tls.Ready ready, Target target) {
    return ready.with(settings.serverName().orElse(target.host()));
  }
}
