package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Resources;
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
    return evidence.inventory().get(Resources.CLUSTER).stream()
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
    return FindingBuilder.of(RootCause.EXTENDED_SUPPORT, "cluster", 100)
        .seen(
            "standard support of version %s ends on %s, and the support type is EXTENDED"
                .formatted(
                    cluster.version(),
                    cluster.standardSupportEnd().orElseThrow().toString().substring(0, 10)))
        .supportedBy(evidence, Resources.CLUSTER)
        .excludes("no outage: extended support costs more by the hour")
        .fix("upgrade the cluster", "or set supportType to STANDARD while the version is in it")
        .stream();
  }
}
