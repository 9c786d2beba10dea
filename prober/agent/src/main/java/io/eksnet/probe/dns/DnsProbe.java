package io.eksnet.probe.dns;

import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Deadline;
import io.eksnet.probe.net.DnsClient;
import io.eksnet.probe.net.Network;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;

/** Asks name servers one question and judges their answers. */
final class DnsProbe implements Probe {
  private static final SecureRandom NAMES = new SecureRandom();

  private final DnsSettings settings;
  private final Network network;
  private final DnsClient client;

  DnsProbe(DnsSettings settings, Network network) {
    this.settings = settings;
    this.network = network;
    this.client = new DnsClient(network);
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    var started = network.now();
    return new DnsRun(
            network,
            client,
            settings,
            settings.question(NAMES),
            target,
            started,
            Deadline.after(timeout, started))
        .outcome();
  }
}
