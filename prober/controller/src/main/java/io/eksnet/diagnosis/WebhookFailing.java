package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * R64, R65: the API server cannot call an admission webhook, or does not trust its certificate. One
 * finding for each Service behind webhooks, from the errors of controllers whose writes it refuses.
 */
final class WebhookFailing implements DiagnosisRule {
  /** {@code Post "https://SERVICE.NAMESPACE.svc:443/…"}, or without quotes before Go 1.14. */
  private static final Pattern SERVICE =
      Pattern.compile("https://([a-z0-9-]+)\\.([a-z0-9-]+)\\.svc\\b");

  private static final Pattern WEBHOOK =
      Pattern.compile("failed (?:calling|to call) webhook \"([^\"]+)\"");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(
        find(ReconcileCause.WEBHOOK_UNREACHABLE, evidence)
            .map(failures -> unreachable(failures, evidence)),
        find(ReconcileCause.WEBHOOK_CERTIFICATE, evidence).map(WebhookFailing::certificate));
  }

  private static Stream<List<ReconcileFailure>> find(ReconcileCause cause, EvidenceIndex evidence) {
    return ReconcileFailure.of(cause, evidence)
        .collect(groupingBy(WebhookFailing::scope, TreeMap::new, toList()))
        .values()
        .stream();
  }

  /** The Service behind the webhook; else the webhook, which may be outside the cluster. */
  private static String scope(ReconcileFailure failure) {
    return service(failure)
        .map(it -> "service/%s/%s".formatted(it.group(2), it.group(1)))
        .orElseGet(() -> webhook(failure).map(name -> "webhook/" + name).orElse(failure.scope()));
  }

  private static Optional<Matcher> service(ReconcileFailure failure) {
    return Optional.of(SERVICE.matcher(failure.message())).filter(Matcher::find);
  }

  private static Optional<String> webhook(ReconcileFailure failure) {
    return Optional.of(WEBHOOK.matcher(failure.message()))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1));
  }

  private static Finding unreachable(List<ReconcileFailure> failures, EvidenceIndex evidence) {
    var first = failures.get(0);
    var endpoints = endpoints(first, evidence);
    var ready = endpoints.map(all -> all.stream().filter(Endpoint::ready).count());
    var withoutPods = ready.filter(count -> count == 0).isPresent();
    var finding =
        ReportedError.finding(RootCause.WEBHOOK_UNREACHABLE, scope(first), 90, failures)
            .evidenceIf(
                ready.isPresent(),
                "%d of %d pods of the Service are ready"
                    .formatted(ready.orElse(0L), endpoints.map(List::size).orElse(0)))
            .excludesIf(
                ready.filter(count -> count > 0).isPresent(),
                "not the pods of the webhook: they are ready")
            .holdFor(ReportedError.untilRetried(failures));
    service(first)
        .filter(service -> withoutPods)
        .ifPresent(
            service ->
                finding.fix(
                    "make its pods ready: kubectl -n %s get pods, then describe those that are not"
                        .formatted(service.group(2))));
    return finding
        .fix(
            "allow the target port of the Service (9443 for the AWS Load Balancer Controller) from"
                + " the cluster security group in that of the nodes",
            "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations, and delete"
                + " those whose program is uninstalled",
            "if pods have addresses that the control plane cannot route to (another CNI), run the"
                + " webhook with hostNetwork")
        .build();
  }

  private static Finding certificate(List<ReconcileFailure> failures) {
    var first = failures.get(0);
    var finding =
        ReportedError.finding(RootCause.WEBHOOK_CERTIFICATE, scope(first), 95, failures)
            .excludes("not the network: the TLS handshake reaches the webhook")
            .fix(
                "renew the certificate in its Secret, and the caBundle of its configuration: two"
                    + " installations of a chart, or helm template without keepTLSSecret, replace"
                    + " one without the other");
    service(first)
        .ifPresent(
            service ->
                finding.fix(
                    "restart the pods of the webhook: kubectl -n %s rollout restart deployment"
                        .formatted(service.group(2))));
    return finding
        .fix("if cert-manager issues it, check its Certificate and that its CA injector runs")
        .build();
  }

  private static Optional<List<Endpoint>> endpoints(
      ReconcileFailure failure, EvidenceIndex evidence) {
    return service(failure)
        .flatMap(
            name ->
                evidence.list(Resources.SERVICES).stream()
                    .filter(it -> it.name().equals(name.group(1)))
                    .filter(it -> it.namespace().equals(name.group(2)))
                    .findFirst())
        .flatMap(KubeService::endpoints);
  }
}
