package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ReconcileCause;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * R61: a load balancer presents a certificate that is expired or for another name, or its
 * controller finds no usable certificate. A private authority that agents do not trust is not a
 * fault of the certificate.
 */
final class LbCertificate implements DiagnosisRule {
  private static final List<String> OUTCOMES = List.of("tls_expired", "tls_name");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(
        evidence.results(LbKey.class).groupBy(one -> one.key().lb()).entrySet().stream()
            .flatMap(
                lb ->
                    OUTCOMES.stream()
                        .flatMap(outcome -> finding(lb.getKey(), outcome, lb.getValue()))),
        missing(evidence));
  }

  /** One finding for each load balancer: Ingresses of one group fail together. */
  private static Stream<Finding> missing(EvidenceIndex evidence) {
    return ReconcileFailure.of(ReconcileCause.LB_CERTIFICATE, evidence)
        .collect(groupingBy(ReconcileFailure::shared, TreeMap::new, toList()))
        .values()
        .stream()
        .map(
            failures ->
                ReportedError.finding(
                        RootCause.LB_CERTIFICATE, failures.get(0).scope(), 90, failures)
                    .fix(
                        "request or import a certificate for the host in ACM, in the Region of the"
                            + " load balancer: it is usable when its status is ISSUED",
                        failures.get(0).scope().startsWith("gateway/")
                            ? "or set defaultCertificate of the listener in the"
                                + " LoadBalancerConfiguration of the Gateway"
                            : "or name one in the annotation"
                                + " alb.ingress.kubernetes.io/certificate-arn, or"
                                + " service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
                        "aws acm list-certificates --query"
                            + " 'CertificateSummaryList[].[DomainName,Status,NotAfter]'")
                    .build());
  }

  private static Stream<Finding> finding(String lb, String outcome, ProbeResults<LbKey> all) {
    var listeners =
        all.groupBy(one -> one.key().listener()).entrySet().stream()
            .filter(one -> one.getValue().failing(outcome).fromMostNodesOf(one.getValue()))
            .sorted(Map.Entry.comparingByKey())
            .toList();
    return listeners.stream()
        .limit(1)
        .map(
            first ->
                Finding.builder(RootCause.LB_CERTIFICATE, "lb/" + lb, 95)
                    .evidence(
                        "its certificate at %s %s, from %s"
                            .formatted(
                                FindingText.list(
                                    listeners.stream().map(Map.Entry::getKey).toList()),
                                outcome.equals("tls_expired")
                                    ? "is expired or not valid yet"
                                    : "is for another name",
                                FindingText.share(
                                    first.getValue().failing(outcome).nodes(),
                                    first.getValue().nodes())))
                    .excludes("not the network: the TLS handshake reaches the load balancer")
                    .excludes("not the clock of a node: most nodes reject the certificate")
                    .fix(
                        outcome.equals("tls_expired")
                            ? "renew the certificate: one that was imported into ACM is not renewed"
                                + " by AWS, one of ACM needs its validation record in DNS"
                            : "add a certificate for the host: annotation"
                                + " alb.ingress.kubernetes.io/certificate-arn, or a certificate in"
                                + " ACM that the controller discovers by the host",
                        "check which certificate the listener presents: openssl s_client -servername"
                            + " <host> -connect <host>:443")
                    .build());
  }
}
