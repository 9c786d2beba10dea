package io.eksnet.probe.tls;

import io.eksnet.model.Cause;
import io.eksnet.model.HostPort;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Tls;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** TLS handshakes, with verification of chain, dates and name. */
public final class TlsKind implements ProbeKind<TlsProbeSettings> {
  private static final int HTTPS = 443;

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public String summary() {
    return "Makes a TLS handshake and verifies the certificate: chain, dates and name.";
  }

  @Override
  public Class<TlsProbeSettings> settings() {
    return TlsProbeSettings.class;
  }

  @Override
  public Target target(String text, TlsProbeSettings settings) {
    var address = HostPort.parse(text);
    settings.network().requireReachable(address.host());
    return new Target(text, address.host(), address.portOr(HTTPS), "", true);
  }

  @Override
  public Optional<String> fileProblem(TlsProbeSettings settings) {
    return settings.tls().fileProblem();
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.RESOLVE, Phase.CONNECT, Phase.PROCESSING, Phase.TLS);
  }

  @Override
  public Set<Cause> causes() {
    var causes = EnumSet.copyOf(Lookup.CAUSES);
    causes.addAll(Tls.CAUSES);
    causes.add(Cause.TOO_LARGE);
    return causes;
  }

  @Override
  public Set<Cause> causes(TlsProbeSettings settings, Target target) {
    var causes = Lookup.causes(target.host(), settings.family());
    causes.addAll(Tls.CAUSES);
    if (settings.expectRefused() || settings.starttls().isPresent()) {
      causes.add(Cause.WRONG_ANSWER);
    }
    if (settings.starttls().isPresent()) {
      causes.add(Cause.TOO_LARGE);
    }
    return causes;
  }

  @Override
  public Probe create(TlsProbeSettings settings, Network network) {
    return new TlsProbe(settings, network);
  }
}
