package io.eksnet.probe.tcp;

import io.eksnet.model.Cause;
import io.eksnet.model.HostPort;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Tls;
import io.eksnet.probe.net.TlsSettings;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** TCP connections, with an optional payload and expected response. */
public final class TcpKind implements ProbeKind<TcpSettings> {
  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public String summary() {
    return "Opens a TCP connection and, if configured, converses with the peer, in plain text or over TLS.";
  }

  @Override
  public Class<TcpSettings> settings() {
    return TcpSettings.class;
  }

  @Override
  public Target target(String text, TcpSettings settings) {
    var address = HostPort.parse(text);
    if (address.port() < 0) {
      throw new IllegalArgumentException(
          "the target \"" + text + "\" has no port; write host:port, as in db.internal:5432");
    }
    settings.network().requireReachable(address.host());
    return Target.of(text, address.host(), address.port());
  }

  @Override
  public Optional<String> fileProblem(TcpSettings settings) {
    return settings.effectiveTls().flatMap(TlsSettings::fileProblem);
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.PROCESSING);
  }

  @Override
  public Set<Cause> causes() {
    var causes = EnumSet.copyOf(Lookup.CAUSES);
    causes.addAll(Tls.CAUSES);
    causes.add(Cause.TOO_LARGE);
    return causes;
  }

  @Override
  public Set<Cause> causes(TcpSettings settings, Target target) {
    var causes = Lookup.causes(target.host(), settings.family());
    if (settings.effectiveTls().isPresent()) {
      causes.addAll(Tls.CAUSES);
    }
    if (!settings.steps().isEmpty()) {
      causes.add(Cause.WRONG_ANSWER);
      causes.add(Cause.TOO_LARGE);
    }
    return causes;
  }

  @Override
  public Probe create(TcpSettings settings, Network network) {
    return new TcpProbe(settings, network);
  }
}
