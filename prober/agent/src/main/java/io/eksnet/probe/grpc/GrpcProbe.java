package io.eksnet.probe.grpc;

import io.eksnet.model.HostPort;
import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.LocalFailure;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.ReloadingValue;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.SecretFile;
import io.eksnet.probe.net.Tls;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One call over a new connection. */
final class GrpcProbe implements Probe {
  private final Network network;
  private final GrpcSettings settings;
  private final Tls tls;
  private final ReloadingValue<Map<String, String>> metadata;

  GrpcProbe(GrpcSettings settings, Network network) {
    this.network = settings.network().of(network);
    this.settings = settings;
    this.tls = new Tls(network, settings.tls(), List.of("h2"));
    this.metadata =
        new ReloadingValue<>(
            network, List.copyOf(settings.metadataFiles().values()), () -> withFiles(settings));
  }

  private static Map<String, String> withFiles(GrpcSettings settings) throws LocalFailure {
    var all = new LinkedHashMap<>(settings.metadata());
    for (var file : settings.metadataFiles().entrySet()) {
      all.put(file.getKey(), SecretFile.header(file.getValue()));
    }
    return all;
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    return Run.on(network, timeout, run -> loadTls(run, target));
  }

  /** Loading files for the first run is not part of its time. */
  private void loadTls(Run run, Target target) {
    if (target.secure()) {
      var name = settings.tls().serverName().orElse(target.host());
      run.awaitSetup(
          tls.context(),
          context -> loadMetadata(run, target, Optional.of(context.handshake(name))));
    } else {
      loadMetadata(run, target, Optional.empty());
    }
  }

  private void loadMetadata(Run run, Target target, Optional<Handshake> handshake) {
    run.awaitSetup(metadata.get(), loaded -> start(run, target, handshake, loaded));
  }

  private void start(
      Run run, Target target, Optional<Handshake> handshake, Map<String, String> loaded) {
    run.startClock();
    var authority =
        settings.authority().orElseGet(() -> new HostPort(target.host(), target.port()).toString());
    Lookup.each(
        run,
        target.host(),
        settings.family(),
        settings.addresses(),
        (part, address) ->
            call(
                part,
                address,
                target,
                handshake,
                new HealthCall(authority, settings.service(), loaded)));
  }

  private void call(
      Run run, InetAddress address, Target target, Optional<Handshake> handshake, HealthCall call) {
    run.trace("connect", address.getHostAddress() + " port " + target.port());
    new GrpcConnection(run, call)
        .open(new InetSocketAddress(address, target.port()), handshake, settings.proxyProtocol());
  }
}
