package io.eksnet.probe.tls;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.HostPort;
import io.eksnet.probe.net.Network;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** TLS handshakes, judged by chain, dates, name and protocol. */
public final class TlsKind implements ProbeKind<TlsProbeSettings> {
  private static final int HTTPS = 443;

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public String summary() {
    return "Makes a TLS handshake and judges the certificate: chain, dates and name.";
  }

  @Override
  public Class<TlsProbeSettings> settings() {
    return TlsProbeSettings.class;
  }

  @Override
  public Target target(String text, TlsProbeSettings settings) {
    var place = HostPort.parse(text);
    return new Target(text, place.host(), place.portOr(HTTPS), "", true);
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.RESOLVE, Phase.CONNECT, Phase.TLS);
  }

  @Override
  public Set<Cause> causes() {
    return EnumSet.of(
        Cause.CONN_REFUSED,
        Cause.TIMEOUT,
        Cause.UNREACHABLE,
        Cause.RESET,
        Cause.NXDOMAIN,
        Cause.SERVFAIL,
        Cause.REFUSED_RCODE,
        Cause.NODATA,
        Cause.TRUNCATED,
        Cause.WRONG_ANSWER,
        Cause.TLS_HANDSHAKE,
        Cause.TLS_UNTRUSTED,
        Cause.TLS_NAME,
        Cause.TLS_EXPIRED);
  }

  @Override
  public Probe create(TlsProbeSettings settings, Network network) {
    return new TlsProbe(settings, network);
  }
}
