package io.eksnet.agent.plan;

import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.model.Family;
import io.eksnet.probe.http.HttpExpect;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.http.HttpVersion;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.TlsSettings;
import io.eksnet.probe.net.TlsVersion;
import io.eksnet.probe.tcp.TcpSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the probes that a plan asks for: GET without credentials, the first answer is the
 * answer.
 */
final class HttpCalls {
  /** What the health checkers of ALB and NLB call themselves (ALB guide, "health checks"). */
  private static final String HEALTH_CHECKER = "ELB-HealthChecker/2.0";

  private static final List<String> ANY = List.of("1xx", "2xx", "3xx", "4xx", "5xx");
  private static final List<String> NO_SERVER_ERROR = List.of("1xx", "2xx", "3xx", "4xx");

  /** A page may be large, and its size is not what is judged. */
  private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  private static final TlsSettings UNVERIFIED =
      new TlsSettings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          true,
          TlsVersion.TLS1_2);

  private HttpCalls() {}

  /** A connection, and no word. */
  static TcpSettings connect(AddressSelection addresses) {
    var usual = TcpSettings.DEFAULT;
    return new TcpSettings(
        usual.family(), addresses, Optional.empty(), List.of(), usual.maxBytes());
  }

  /** What answers is reached, whatever it says. */
  static HttpSettings anyAnswer() {
    return get(Map.of(), Optional.empty(), Optional.empty(), HttpVersion.AUTO, ANY, true);
  }

  /** The same of a name, over TLS that is verified. */
  static HttpSettings reached(String address, Optional<Path> caFile) {
    var tls =
        new TlsSettings(
            Optional.empty(), caFile, Optional.empty(), Optional.empty(), false, TlsVersion.TLS1_2);
    return get(Map.of(), Optional.empty(), Optional.of(address), HttpVersion.AUTO, ANY, tls);
  }

  /** A Service that asks for a login or sends elsewhere works; one with 5xx does not. */
  static HttpSettings service(String address) {
    return get(
        Map.of(), Optional.empty(), Optional.of(address), HttpVersion.AUTO, NO_SERVER_ERROR, false);
  }

  /** As the load balancer asks: it does not verify the certificates of its targets. */
  static HttpSettings healthCheck(String host, List<String> statuses) {
    return get(
        Map.of("User-Agent", HEALTH_CHECKER),
        Optional.of(host),
        Optional.empty(),
        HttpVersion.HTTP1,
        statuses,
        false);
  }

  static HttpSettings balancer(String address, LbCall call) {
    var settings =
        get(
            Map.of(),
            Optional.empty(),
            Optional.of(address),
            HttpVersion.AUTO,
            call.statuses().isEmpty() ? HttpExpect.SERVED.status() : call.statuses(),
            call.verify());
    return each(settings);
  }

  static HttpSettings annotated(String address, List<String> statuses, boolean verify) {
    return get(
        Map.of(),
        Optional.empty(),
        Optional.of(address),
        HttpVersion.AUTO,
        statuses.isEmpty() ? HttpExpect.SUCCESS.status() : statuses,
        verify);
  }

  private static HttpSettings get(
      Map<String, String> headers,
      Optional<String> host,
      Optional<String> address,
      HttpVersion version,
      List<String> statuses,
      boolean verify) {
    return get(
        headers, host, address, version, statuses, verify ? TlsSettings.DEFAULT : UNVERIFIED);
  }

  private static HttpSettings get(
      Map<String, String> headers,
      Optional<String> host,
      Optional<String> address,
      HttpVersion version,
      List<String> statuses,
      TlsSettings tls) {
    return new HttpSettings(
        "GET",
        headers,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        host,
        address,
        Family.ANY,
        AddressSelection.ONE,
        version,
        Optional.empty(),
        new HttpExpect(statuses, List.of(), List.of(), Map.of()),
        MAX_BODY_BYTES,
        0,
        List.of(),
        tls);
  }

  private static HttpSettings each(HttpSettings one) {
    return new HttpSettings(
        one.method(),
        one.headers(),
        one.headerFiles(),
        one.basicAuth(),
        one.bearerTokenFile(),
        one.host(),
        one.address(),
        one.family(),
        AddressSelection.ALL,
        one.version(),
        one.body(),
        one.expect(),
        one.maxBody(),
        one.maxRedirects(),
        one.redirectHosts(),
        one.tls());
  }
}
