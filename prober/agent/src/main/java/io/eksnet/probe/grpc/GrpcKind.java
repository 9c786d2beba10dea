package io.eksnet.probe.grpc;

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

/**
 * The health of gRPC servers, by the method {@code Check} of the service {@code
 * grpc.health.v1.Health} (gRPC Health Checking Protocol).
 */
public final class GrpcKind implements ProbeKind<GrpcSettings> {
  private static final String PLAIN_SCHEME = "grpc://";
  private static final String TLS_SCHEME = "grpcs://";

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
    var secure = text.startsWith(TLS_SCHEME);
    var address =
        HostPort.parse(
            secure
                ? text.substring(TLS_SCHEME.length())
                : text.startsWith(PLAIN_SCHEME) ? text.substring(PLAIN_SCHEME.length()) : text);
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
    return causes(EnumSet.copyOf(Lookup.CAUSES), true);
  }

  @Override
  public Set<Cause> causes(GrpcSettings settings, Target target) {
    return causes(Lookup.causes(target.host(), settings.family()), target.secure());
  }

  private static Set<Cause> causes(EnumSet<Cause> ofConnection, boolean secure) {
    var causes = EnumSet.copyOf(ofConnection);
    if (secure) {
      causes.addAll(Tls.CAUSES);
    }
    causes.addAll(
        EnumSet.of(
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
