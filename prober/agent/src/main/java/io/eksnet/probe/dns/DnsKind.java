package io.eksnet.probe.dns;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Network;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The kind {@code dns}: its targets are name servers. */
public final class DnsKind implements ProbeKind<DnsSettings> {
  @Override
  public String name() {
    return "dns";
  }

  @Override
  public String summary() {
    return "Asks name servers one question and judges the answer.";
  }

  @Override
  public Class<DnsSettings> settings() {
    return DnsSettings.class;
  }

  @Override
  public Target target(String text, DnsSettings settings) {
    return ServerAddress.parse(text);
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
        Cause.WRONG_ANSWER);
  }

  @Override
  public Probe create(DnsSettings settings, Network network) {
    return new DnsProbe(settings, network);
  }
}
