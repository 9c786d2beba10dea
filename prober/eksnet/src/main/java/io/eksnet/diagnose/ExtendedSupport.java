package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.EksCluster;
import io.eksnet.core.inventory.Parts;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * R54: the version of the cluster leaves standard support within 60 days or has left it, and the
 * cluster will be, or is, charged for it.
 */
final class ExtendedSupport implements Rule {
  private static final Duration AHEAD = Duration.ofDays(60);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.inventory().get(Parts.CLUSTER).stream()
        .filter(cluster -> cluster.supportType().equals("EXTENDED"))
        .filter(cluster -> endsSoon(cluster, evidence))
        .flatMap(cluster -> finding(cluster, evidence));
  }

  private static boolean endsSoon(EksCluster cluster, Evidence evidence) {
    return cluster
        .standardSupportEnd()
        .filter(end -> end.minus(AHEAD).isBefore(evidence.now()))
        .isPresent();
  }

  private static Stream<Finding> finding(EksCluster cluster, Evidence evidence) {
    return Draft.of(RootCause.EXTENDED_SUPPORT, "cluster", 100)
        .seen(
            "standard support of version %s ends on %s, and the support type is EXTENDED"
                .formatted(
                    cluster.version(),
                    cluster.standardSupportEnd().orElseThrow().toString().substring(0, 10)))
        .supportedBy(evidence, Parts.CLUSTER)
        .excludes("no outage: extended support costs more by the hour")
        .fix("upgrade the cluster", "or set supportType to STANDARD while the version is in it")
        .stream();
  }
}
