package io.eksnet.probe.grpc;

import io.eksnet.model.Cause;
import io.eksnet.model.HostPort;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The health of gRPC servers, by the method {@code Check} of the service {@code
 * grpc.health.v1.Health} (gRPC Health Checking Protocol).
 */
public final class GrpcKind implements ProbeKind<GrpcSettings> {
  private static final String PLAINTEXT = "grpc://";
  private static final String TLS = "grpcs://";

  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public String summary() {
    return "Calls the gRPC health checking service; everything but `SERVING` is a failure.";
  }

  @Override
  public Class<GrpcSettings> settings() {
    return GrpcSettings.class;
  }

  @Override
  public String exampleTarget() {
    return "grpc://checkout.shop.svc.cluster.local:50051";
  }

  @Override
  public Target target(String text, GrpcSettings settings) {
    var secure = text.startsWith(TLS);
    var address =
        HostPort.parse(
            secure
                ? text.substring(TLS.length())
                : text.startsWith(PLAINTEXT) ? text.substring(PLAINTEXT.length()) : text);
    if (address.port() < 0) {
      throw new IllegalArgumentException(
          "the target \""
              + text
              + "\" has no port; write host:port, or grpcs://host:port for TLS, as in"
              + " checkout.shop.svc.cluster.local:50051");
    }
    settings.network().requireReachable(address.host());
    return new Target(text, address.host(), address.port(), "", secure);
  }

  @Override
  public Optional<String> fileProblem(GrpcSettings settings) {
    return settings.tls().fileProblem();
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.values());
  }

  @Override
  public Set<Cause> causes() {
    var causes = EnumSet.copyOf(Lookup.CAUSES);
    causes.addAll(
        EnumSet.of(
            Cause.TLS_HANDSHAKE,
            Cause.TLS_UNTRUSTED,
            Cause.TLS_NAME,
            Cause.TLS_EXPIRED,
            Cause.TLS_CLIENT_CERTIFICATE,
            Cause.HTTP_STATUS,
            Cause.HTTP_PROTOCOL,
            Cause.TOO_LARGE,
            Cause.GRPC_STATUS,
            Cause.GRPC_NOT_SERVING));
    return causes;
  }

  @Override
  public Probe create(GrpcSettings settings, Network network) {
    return new GrpcProbe(settings, network);
  }
}
