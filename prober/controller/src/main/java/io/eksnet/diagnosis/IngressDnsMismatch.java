package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.stream.Stream;

/** R39: a host of an Ingress with an address does not resolve to its load balancer. */
final class IngressDnsMismatch implements DiagnosisRule {
  /** external-dns writes records once a minute; by then the host has been resolved three times. */
  private static final Duration HOLD_FOR = Duration.ofSeconds(150);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.list(Resources.INGRESS_HOSTS).stream()
        .filter(host -> !host.matches())
        .map(host -> finding(host, evidence));
  }

  private static Finding finding(IngressHost host, EvidenceIndex evidence) {
    return Finding.builder(
            RootCause.INGRESS_DNS_MISMATCH,
            "ingress/" + host.namespace() + "/" + host.ingress(),
            80)
        .evidence(
            host.answers().isEmpty()
                ? host.host() + " does not resolve"
                : "%s resolves to %s, which is not the load balancer"
                    .formatted(host.host(), FindingText.list(host.answers())))
        .supportedBy(evidence.inventory(), Resources.INGRESS_HOSTS)
        .excludes("not the load balancer: the Ingress has its address")
        .fix(
            "check the logs of external-dns: its IAM role, the owner of the record, its zone"
                + " filter",
            "or correct the DNS record by hand",
            "if the host points to a CDN or a proxy on purpose, annotate the Ingress with %s: %s"
                .formatted(Annotation.DNS.key(), KubeIngress.ELSEWHERE))
        .holdFor(HOLD_FOR)
        .build();
  }
}
