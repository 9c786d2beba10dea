package io.eksnet.probe.dns;

import io.eksnet.core.Outcome;
import io.eksnet.core.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Deadline;
import io.eksnet.probe.net.DnsClient;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Resolver;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;

/** Asks name servers one question and judges their answers. */
final class DnsProbe implements Probe {
  private static final SecureRandom NAMES = new SecureRandom();

  private final DnsSettings settings;
  private final Network network;
  private final DnsClient client;
  private final Resolver resolver;

  DnsProbe(DnsSettings settings, Network network, Resolver resolver) {
    this.settings = settings;
    this.network = network;
    this.client = new DnsClient(network);
    this.resolver = resolver;
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    var started = network.now();
    return new DnsRun(
            network,
            client,
            resolver,
            settings,
            settings.question(NAMES),
            target,
            started,
            Deadline.after(timeout, started))
        .outcome();
  }
}
