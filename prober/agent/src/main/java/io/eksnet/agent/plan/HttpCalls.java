package io.eksnet.agent.plan;

import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.model.HostPort;
import io.eksnet.probe.grpc.GrpcSettings;
import io.eksnet.probe.grpc.GrpcSettingsBuilder;
import io.eksnet.probe.http.HttpExpect;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.http.HttpSettingsBuilder;
import io.eksnet.probe.http.HttpVersion;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.TlsSettings;
import io.eksnet.probe.net.TlsSettingsBuilder;
import io.eksnet.probe.tcp.TcpSettings;
import io.eksnet.probe.tls.TlsProbeSettings;
import io.eksnet.probe.tls.TlsProbeSettingsBuilder;
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

  /** Pages may be large, as only the response is tested; an endless one must end. */
  private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  private HttpCalls() {}

  /** A connection without a payload. */
  static TcpSettings connect(AddressSelection addresses) {
    return TcpSettings.DEFAULT.with(addresses);
  }

  /** Any response is a success. */
  static HttpSettings anyAnswer() {
    return get(ANY).tls(tls(true)).build();
  }

  /** The same for a name, over verified TLS. */
  static HttpSettings reached(String address, AddressSelection addresses, Optional<Path> caFile) {
    return get(ANY)
        .address(address)
        .addresses(addresses)
        .tls(TlsSettingsBuilder.builder(TlsSettings.DEFAULT).caFile(caFile).build())
        .build();
  }

  /** A TLS handshake with this name. */
  static TlsProbeSettings handshake(
      String host, AddressSelection addresses, Optional<Path> caFile, boolean verify) {
    return TlsProbeSettingsBuilder.builder(TlsProbeSettings.DEFAULT)
        .addresses(addresses)
        .tls(
            TlsSettingsBuilder.builder(tls(verify))
                .serverName(host)
                .caFile(verify ? caFile : Optional.empty())
                .build())
        .build();
  }

  /** A Service that requires a login or redirects works; one with 5xx does not. */
  static HttpSettings service(String address) {
    return get(NO_SERVER_ERROR).address(address).tls(tls(false)).build();
  }

  /** As the load balancer does: it does not verify the certificates of its targets. */
  static HttpSettings healthCheck(String host, List<String> statuses) {
    return get(statuses)
        .headers(Map.of("User-Agent", HEALTH_CHECKER))
        .host(host)
        .version(HttpVersion.HTTP1)
        .tls(tls(false))
        .build();
  }

  static HttpSettings balancer(String address, LbCall call) {
    return get(call.statuses().isEmpty() ? HttpExpect.SERVED.status() : call.statuses())
        .address(address)
        .addresses(AddressSelection.ALL)
        .tls(tls(call.verify()))
        .build();
  }

  static HttpSettings annotated(String address, List<String> statuses, boolean verify) {
    return get(statuses.isEmpty() ? HttpExpect.SUCCESS.status() : statuses)
        .address(address)
        .tls(tls(verify))
        .build();
  }

  /** The authority has no dot at its end, which the name to resolve may have. */
  static GrpcSettings health(ProbeEndpoint place, boolean verify) {
    return GrpcSettingsBuilder.builder(GrpcSettings.DEFAULT)
        .authority(new HostPort(place.host(), place.port()).toString())
        .tls(tls(verify))
        .build();
  }

  private static TlsSettings tls(boolean verify) {
    return verify ? TlsSettings.DEFAULT : TlsSettings.UNVERIFIED;
  }

  /** The first response is the answer. */
  private static HttpSettingsBuilder get(List<String> statuses) {
    return HttpSettings.builder()
        .expect(HttpExpect.ofStatus(statuses))
        .maxBody(MAX_BODY_BYTES)
        .maxRedirects(0);
  }
}
