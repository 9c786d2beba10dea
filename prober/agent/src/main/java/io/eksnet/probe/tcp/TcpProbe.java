package io.eksnet.probe.tcp;

import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Connects, and speaks if asked to. */
final class TcpProbe implements Probe {
  private final TcpSettings settings;
  private final Network network;
  private final byte[] words;

  TcpProbe(TcpSettings settings, Network network) {
    this.settings = settings;
    this.network = network;
    this.words = settings.send().map(Escapes::bytes).orElse(new byte[0]);
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
                (part, address) -> connect(part, address, target.port())));
  }

  private void connect(Run run, InetAddress address, int port) {
    Connection.open(
        run,
        new InetSocketAddress(address, port),
        Optional.empty(),
        new TcpConversation(run, words, settings.expect(), settings.maxBytes()));
  }
}
