package io.eksnet.probe.tcp;

import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Dialogue;
import io.eksnet.probe.net.DialogueStep;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Tls;
import io.eksnet.probe.net.TlsContext;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes TCP connections, with an optional conversation, in plain text or over TLS. */
final class TcpProbe implements Probe {
  private final TcpSettings settings;
  private final Network network;
  private final List<DialogueStep> steps;
  private final Optional<Tls> tls;

  TcpProbe(TcpSettings settings, Network network) {
    this.settings = settings;
    this.network = settings.network().of(network);
    this.steps = settings.steps();
    this.tls = settings.effectiveTls().map(one -> new Tls(network, one, List.of()));
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    return Run.on(
        network,
        timeout,
        run -> {
          if (tls.isEmpty()) {
            connect(run, target, Optional.empty());
          } else {
            run.awaitSetup(
                tls.get().context(),
                context -> {
                  run.startClock();
                  connect(run, target, Optional.of(context));
                });
          }
        });
  }

  private void connect(Run run, Target target, Optional<TlsContext> context) {
    Lookup.each(
        run,
        target.host(),
        settings.family(),
        settings.addresses(),
        (part, address) -> {
          var handshake = context.map(one -> handshake(one, target));
          new Dialogue(part, steps, handshake, settings.maxBytes())
              .open(
                  new InetSocketAddress(address, target.port()),
                  settings.beginsWithTls() ? handshake : Optional.empty(),
                  settings.proxyProtocol());
        });
  }

  private Handshake handshake(TlsContext context, Target target) {
    return context.handshake(
        settings.effectiveTls().flatMap(tls -> tls.serverName()).orElse(target.host()));
  }
}
