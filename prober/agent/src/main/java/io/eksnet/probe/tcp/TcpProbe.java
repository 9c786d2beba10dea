package io.eksnet.probe.tcp;

import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Makes TCP connections, with an optional payload and expected response. */
final class TcpProbe implements Probe {
  private final TcpSettings settings;
  private final Network network;
  private final byte[] payload;

  TcpProbe(TcpSettings settings, Network network) {
    this.settings = settings;
    this.network = network;
    this.payload = settings.payload();
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    return Run.on(
        network,
        timeout,
        run ->
            Lookup.each(
                run,
                target.host(),
                settings.family(),
                settings.addresses(),
                (part, address) ->
                    new TcpConversation(part, payload, settings.expect(), settings.maxBytes())
                        .open(new InetSocketAddress(address, target.port()), Optional.empty())));
  }
}
