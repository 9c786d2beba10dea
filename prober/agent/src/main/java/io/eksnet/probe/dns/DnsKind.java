package io.eksnet.probe.dns;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.HostPort;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import java.util.List;
import java.util.Set;

/** DNS queries; targets are name servers. */
public final class DnsKind implements ProbeKind<DnsSettings> {
  private static final int DNS_PORT = 53;

  @Override
  public String name() {
    return "dns";
  }

  @Override
  public String summary() {
    return "Queries name servers and checks the response.";
  }

  @Override
  public Class<DnsSettings> settings() {
    return DnsSettings.class;
  }

  /** A name server, or {@code SERVER/NAME} with a name to query. */
  @Override
  public Target target(String text, DnsSettings settings) {
    var slash = text.indexOf('/');
    if (slash < 0) {
      if (settings.query().isEmpty()) {
        throw new IllegalArgumentException(
            "the target \"" + text + "\" has no name to query: write SERVER/NAME, or set query");
      }
      var server = server(text);
      settings.network().requireReachable(server.host());
      return server;
    }
    var name = text.substring(slash + 1);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "the target \"" + text + "\" has no name after its slash: write SERVER/NAME");
    }
    DnsSettings.checkName(name, settings.type());
    var server = server(text.substring(0, slash));
    settings.network().requireReachable(server.host());
    return new Target(text, server.host(), server.port(), name, false);
  }

  /** A name server: {@code 10.0.0.10}, {@code [fd00::a]:53}, {@code fd00::a}, {@code name:53}. */
  static Target server(String text) {
    if (AddressLiteral.isAddress(text)) {
      return Target.of(text, text, DNS_PORT);
    }
    var address = HostPort.parse(text);
    return Target.of(text, address.host(), address.portOr(DNS_PORT));
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.RESOLVE, Phase.CONNECT, Phase.PROCESSING);
  }

  @Override
  public Set<Cause> causes() {
    return Lookup.CAUSES;
  }

  @Override
  public Probe create(DnsSettings settings, Network network) {
    return new DnsProbe(settings, network);
  }
}
