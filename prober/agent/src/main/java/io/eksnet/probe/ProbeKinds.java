package io.eksnet.probe;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.eksnet.model.KindSpec;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.dns.DnsKind;
import io.eksnet.probe.grpc.GrpcKind;
import io.eksnet.probe.http.HttpKind;
import io.eksnet.probe.http.ProxyEnvironment;
import io.eksnet.probe.tcp.TcpKind;
import io.eksnet.probe.tls.TlsKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The one list of kinds. */
public final class ProbeKinds {
  private ProbeKinds() {}

  /** All kinds, in the order of the reference; without proxies of the environment. */
  public static List<ProbeKind<?>> all() {
    return all(ProxyEnvironment.NONE);
  }

  private static List<ProbeKind<?>> all(ProxyEnvironment proxies) {
    return List.of(
        new DnsKind(), new GrpcKind(), new HttpKind(proxies), new TcpKind(), new TlsKind());
  }

  /** All kinds by their names, to read a config. */
  public static Map<String, ProbeKind<?>> byName() {
    return byName(ProxyEnvironment.NONE);
  }

  /** All kinds by their names, to run probes. */
  public static Map<String, ProbeKind<?>> byName(ProxyEnvironment proxies) {
    return all(proxies).stream()
        .collect(toMap(KindSpec::name, identity(), (one, other) -> one, LinkedHashMap::new));
  }
}
