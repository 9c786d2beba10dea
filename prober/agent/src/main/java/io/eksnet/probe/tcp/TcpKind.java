package io.eksnet.probe.tcp;

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

/** TCP connects, with an optional conversation. */
public final class TcpKind implements ProbeKind<TcpSettings> {
  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public String summary() {
    return "Opens a TCP connection, and if asked to, says something and waits for an answer.";
  }

  @Override
  public Class<TcpSettings> settings() {
    return TcpSettings.class;
  }

  @Override
  public Target target(String text, TcpSettings settings) {
    var place = HostPort.parse(text);
    if (place.port() < 0) {
      throw new IllegalArgumentException(
          "the target \"" + text + "\" has no port; write host:port, as in db.internal:5432");
    }
    return Target.of(text, place.host(), place.port());
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.RESOLVE, Phase.CONNECT, Phase.PROCESSING);
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
        Cause.TOO_LARGE);
  }

  @Override
  public Probe create(TcpSettings settings, Network network) {
    return new TcpProbe(settings, network);
  }
}
