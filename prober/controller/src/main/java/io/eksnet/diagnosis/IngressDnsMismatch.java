package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * R39: a host of an Ingress with an address does not resolve to its load balancer. A host that
 * resolves to other addresses may do so on purpose: weighted records, a CDN, another cluster.
 */
final class IngressDnsMismatch implements DiagnosisRule {
  /** external-dns writes records once a minute; by then the host has been resolved three times. */
  private static final Duration HOLD_FOR = Duration.ofSeconds(150);

  private static final String EXTERNAL_DNS = "external-dns";

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var externalDns =
        evidence
            .inventory()
            .get(Resources.COMPONENTS)
            .map(all -> all.stream().anyMatch(one -> one.name().equals(EXTERNAL_DNS)));
    return evidence.list(Resources.INGRESS_HOSTS).stream()
        .filter(host -> !host.matches())
        .collect(
            groupingBy(
                host -> "ingress/" + host.namespace() + "/" + host.ingress(),
                TreeMap::new,
                toList()))
        .entrySet()
        .stream()
        .map(ingress -> finding(ingress.getKey(), ingress.getValue(), externalDns, evidence));
  }

  /**
   * @param externalDns whether external-dns runs in the cluster, if known; else somebody else
   *     writes the records, perhaps for other resolvers only
   */
  private static Finding finding(
      String scope,
      List<IngressHost> hosts,
      Optional<Boolean> externalDns,
      EvidenceIndex evidence) {
    var missing = hosts.stream().filter(host -> host.answers().isEmpty()).findFirst();
    var host = missing.orElse(hosts.get(0));
    var certain = missing.isPresent() && externalDns.orElse(false);
    return Finding.builder(RootCause.INGRESS_DNS_MISMATCH, scope, certain ? 80 : 60)
        .evidence(
            host.answers().isEmpty()
                ? host.host() + " does not resolve"
                : "%s resolves to %s, which is not the load balancer"
                    .formatted(host.host(), FindingText.list(host.answers())))
        .evidenceIf(
            hosts.size() > 1, "%d hosts of the Ingress do not match".formatted(hosts.size()))
        .evidenceIf(!externalDns.orElse(true), "external-dns does not run in this cluster")
        .supportedBy(evidence.inventory(), Resources.INGRESS_HOSTS)
        .excludes("not the load balancer: the Ingress has its address")
        .fix(
            externalDns.orElse(true)
                ? "check the logs of external-dns: its IAM role, the owner of the record, its zone"
                    + " filter; or correct the record by hand"
                : "correct the DNS record where it is managed",
            "if the host points elsewhere on purpose (CDN, proxy, records with weights), annotate"
                + " the Ingress with %s: %s, or ignore the finding with diagnosis.ignore"
                    .formatted(Annotation.DNS.key(), KubeIngress.ELSEWHERE))
        .holdFor(HOLD_FOR)
        .build();
  }
}
