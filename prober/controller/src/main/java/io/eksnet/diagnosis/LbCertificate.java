package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A load balancer presents a certificate that is expired or for another name. A private authority
 * that agents do not trust is not a fault of the certificate.
 */
final class LbCertificate implements DiagnosisRule {
  private static final List<String> OUTCOMES = List.of("tls_expired", "tls_name");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.results(LbKey.class).groupBy(one -> one.key().lb()).entrySet().stream()
        .flatMap(
            lb ->
                OUTCOMES.stream().flatMap(outcome -> finding(lb.getKey(), outcome, lb.getValue())));
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
