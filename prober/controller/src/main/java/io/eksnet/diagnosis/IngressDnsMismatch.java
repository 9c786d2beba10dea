package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.stream.Stream;

/** R39: the host of an Ingress that has an address resolves to nothing or to something else. */
final class IngressDnsMismatch implements Rule {
  /** External-dns looks each minute, and by then the host was asked three times. */
  private static final Duration WRITING = Duration.ofSeconds(150);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.inventory().list(Resources.INGRESS_HOSTS).stream()
        .filter(host -> !host.matches())
        .flatMap(host -> finding(host, evidence));
  }

  private static Stream<Finding> finding(IngressHost host, Evidence evidence) {
    return FindingBuilder.of(
        RootCause.INGRESS_DNS_MISMATCH, "ingress/" + host.namespace() + "/" + host.ingress(), 80)
        .seen(
            host.answers().isEmpty()
                ? host.host() + " does not resolve"
                : "%s resolves to %s, which is not the load balancer"
                    .formatted(host.host(), FindingText.list(host.answers())))
        .supportedBy(evidence, Resources.INGRESS_HOSTS)
        .excludes("not the load balancer: the Ingress has its address")
        .fix(
            "see the logs of external-dns: its role, the owner of the record, its zone filter",
            "or correct the record by hand",
            "if a CDN or a proxy stands in front on purpose, say so: annotate the Ingress with "
                + Annotation.DNS.key()
                + ": "
                + KubeIngress.ELSEWHERE)
        .toldAfter(WRITING)
        .stream();
  }
}
