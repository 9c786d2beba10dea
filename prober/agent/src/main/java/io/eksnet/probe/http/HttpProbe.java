package io.eksnet.probe.http;

import io.eksnet.model.Outcome;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.FromFiles;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Tls;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks, over a new connection each time. */
final class HttpProbe implements Probe {
  private final Network network;
  private final HttpPlan plan;
  private final Tls tls;
  private final boolean hasSecrets;
  private final FromFiles<Secrets> secrets;

  HttpProbe(
      HttpSettings settings,
      Optional<Function<String, List<ScrapedSample>>> reader,
      Network network) {
    this.network = network;
    this.plan = new HttpPlan(settings, reader);
    this.tls = new Tls(network, settings.tls(), settings.version().alpn());
    this.hasSecrets = !Secrets.files(settings).isEmpty();
    this.secrets = new FromFiles<>(network, Secrets.files(settings), () -> Secrets.read(settings));
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    return Run.on(network, timeout, run -> prepare(run, target));
  }

  /** What is loaded before the first run is no part of its time. */
  private void prepare(Run run, Target target) {
    if (target.secure()) {
      run.need(tls.ready(), ready -> unlock(run, target));
    } else {
      unlock(run, target);
    }
  }

  private void unlock(Run run, Target target) {
    if (hasSecrets) {
      run.need(secrets.now(), secret -> start(run, target, secret));
    } else {
      start(run, target, Secrets.NONE);
    }
  }

  private void start(Run run, Target target, Secrets secret) {
    run.setOut();
    var settings = plan.settings();
    Lookup.each(
        run,
        settings.address().orElse(target.host()),
        settings.family(),
        settings.addresses(),
        (part, address) ->
            new HttpRun(part, plan, tls, secret, target, address).start(target.path()));
  }
}
