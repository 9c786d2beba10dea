package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.LatencyBaseline;
import java.util.Optional;
import java.util.Set;

/** The paths whose latency is compared with their own past; see {@link LatencyBaseline#path}. */
final class LatencyPath {
  /** A CoreDNS pod is replaced too often to have a usual latency of its own. */
  private static final Set<String> DNS_PATHS = Set.of("service", "nodelocal", "vpc_resolver");

  private static final SeriesKey.Cases<Optional<String>> BY_KEY =
      new SeriesKey.Cases<>(
          userProbe -> Optional.empty(),
          dns ->
              Optional.of("dns " + dns.path() + " " + dns.queryClass())
                  .filter(path -> DNS_PATHS.contains(dns.path()) && dns.proto().equals("udp")),
          service -> Optional.empty(),
          pod -> Optional.of("pod " + pod.sourceZone() + " " + pod.targetZone()),
          target -> Optional.of("target " + target.targetGroup()),
          lb -> Optional.empty(),
          component -> Optional.empty(),
          sts -> Optional.empty(),
          endpoint -> Optional.empty());

  private LatencyPath() {}

  /** The path of a series; empty if the latency of its kind has no baseline. */
  static Optional<String> of(SeriesKey key) {
    return key.fold(BY_KEY);
  }
}
