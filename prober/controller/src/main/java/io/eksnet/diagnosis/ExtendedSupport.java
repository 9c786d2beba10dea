package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** R54: the cluster version leaves standard support within 60 days, or has left it. */
final class ExtendedSupport implements DiagnosisRule {
  private static final Duration NOTICE = Duration.ofDays(60);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.inventory().get(Resources.CLUSTER).stream()
        .filter(cluster -> cluster.supportType().equals("EXTENDED"))
        .flatMap(
            cluster ->
                cluster.standardSupportEnd().stream()
                    .filter(end -> end.minus(NOTICE).isBefore(evidence.now()))
                    .map(end -> finding(cluster, end, evidence)));
  }

  private static Finding finding(EksCluster cluster, Instant end, EvidenceIndex evidence) {
    var over = !end.isAfter(evidence.now());
    return Finding.builder(RootCause.EXTENDED_SUPPORT, "cluster", 100)
        .evidence(
            "standard support of version %s %s on %s, and the support type is EXTENDED"
                .formatted(
                    cluster.version(),
                    over ? "ended" : "ends",
                    LocalDate.ofInstant(end, ZoneOffset.UTC)))
        .supportedBy(evidence.inventory(), Resources.CLUSTER)
        .excludes("not an outage: extended support costs more per hour")
        .fix("upgrade the cluster")
        .fix(
            over
                ? "set supportType to STANDARD after the upgrade, so that later versions never enter"
                    + " extended support"
                : "or set supportType to STANDARD: EKS then upgrades the cluster at the end of"
                    + " standard support")
        .build();
  }
}
