package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.AdmissionWebhook;
import io.eksnet.model.inventory.AggregatedApi;
import io.eksnet.model.inventory.AggregatedApi.Problem;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ScaledToZero;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * R64, R65: the API server cannot call an admission webhook or an aggregated API, or does not trust
 * its certificate. One finding for each Service behind them, from the errors of controllers whose
 * writes are refused, from the webhook configurations and the pods behind them, and from what the
 * API server reports about its own requests to aggregated APIs. Webhooks that may fail ({@code
 * failurePolicy: Ignore}) refuse no writes.
 */
final class WebhookFailing implements DiagnosisRule {
  /** {@code Post "https://SERVICE.NAMESPACE.svc:443/…"}, or without quotes before Go 1.14. */
  private static final Pattern SERVICE =
      Pattern.compile("https://([a-z0-9-]+)\\.([a-z0-9-]+)\\.svc\\b");

  private static final Pattern WEBHOOK =
      Pattern.compile("failed (?:calling|to call) webhook \"([^\"]+)\"");

  /** A rollout, or an installation whose objects are created one after the other. */
  private static final Duration ROLLOUT = Duration.ofMinutes(2);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.concat(
        backends(ReconcileCause.WEBHOOK_UNREACHABLE, Problem.UNREACHABLE, evidence)
            .filter(Backend::isUnreachable)
            .map(Backend::unreachable),
        backends(ReconcileCause.WEBHOOK_CERTIFICATE, Problem.CERTIFICATE, evidence)
            .filter(Backend::isUntrusted)
            .map(Backend::untrusted));
  }

  /** What webhooks and aggregated APIs are behind, by scope. */
  private static Stream<Backend> backends(
      ReconcileCause cause, Problem problem, EvidenceIndex evidence) {
    var backends = new TreeMap<String, Backend>();
    ReconcileFailure.of(cause, evidence)
        .forEach(
            failure ->
                backends
                    .computeIfAbsent(scope(failure), scope -> Backend.of(scope, evidence))
                    .failures()
                    .add(failure));
    evidence.list(Resources.ADMISSION_WEBHOOKS).stream()
        .filter(AdmissionWebhook::required)
        .forEach(
            webhook ->
                backends
                    .computeIfAbsent(
                        scope(webhook.namespace(), webhook.service()),
                        scope -> Backend.of(scope, evidence))
                    .webhooks()
                    .add(webhook));
    evidence.list(Resources.AGGREGATED_APIS).stream()
        .filter(api -> api.problem() == problem)
        .forEach(
            api ->
                backends
                    .computeIfAbsent(
                        scope(api.namespace(), api.service()), scope -> Backend.of(scope, evidence))
                    .apis()
                    .add(api));
    return backends.values().stream();
  }

  private static String scope(String namespace, String service) {
    return "service/%s/%s".formatted(namespace, service);
  }

  /** The Service behind the webhook; else the webhook, which may be outside the cluster. */
  private static String scope(ReconcileFailure failure) {
    var service = SERVICE.matcher(failure.message());
    return service.find()
        ? scope(service.group(2), service.group(1))
        : webhook(failure).map(name -> "webhook/" + name).orElse(failure.scope());
  }

  private static Optional<String> webhook(ReconcileFailure failure) {
    return Optional.of(WEBHOOK.matcher(failure.message()))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1));
  }

  /**
   * A Service that the API server calls.
   *
   * @param service empty if the scope is not a Service that is known
   * @param missing whether all Services are known, and it is none of them
   * @param scaledToZero whether its pods are not wanted
   * @param failures that controllers report
   * @param webhooks behind it that refuse writes if they cannot be called
   * @param apis behind it that are not available
   */
  private record Backend(
      String scope,
      Optional<KubeService> service,
      boolean missing,
      boolean scaledToZero,
      Instant now,
      Inventory inventory,
      List<ReconcileFailure> failures,
      List<AdmissionWebhook> webhooks,
      List<AggregatedApi> apis) {
    static Backend of(String scope, EvidenceIndex evidence) {
      Predicate<String> isScope = scope::equals;
      var services = evidence.inventory().snapshot(Resources.SERVICES);
      var service =
          evidence.list(Resources.SERVICES).stream()
              .filter(one -> isScope.test(WebhookFailing.scope(one.namespace(), one.name())))
              .findFirst();
      return new Backend(
          scope,
          service,
          scope.startsWith("service/") && services.fresh() && service.isEmpty(),
          evidence.list(Resources.SCALED_TO_ZERO).stream()
              .map(WebhookFailing::scope)
              .anyMatch(isScope),
          evidence.now(),
          evidence.inventory(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }

    boolean isUnreachable() {
      return !failures.isEmpty()
          || !apis.isEmpty()
          || ((isMissing() || (!webhooks.isEmpty() && hasNoReadyPod())) && !scaledToZero);
    }

    /** Only configurations name their Service: an error may be from before it was deleted. */
    private boolean isMissing() {
      return missing && !webhooks.isEmpty();
    }

    boolean isUntrusted() {
      return !failures.isEmpty() || !apis.isEmpty() || !expired().isEmpty();
    }

    private Optional<List<Endpoint>> endpoints() {
      return service.flatMap(KubeService::endpoints);
    }

    private Optional<Long> readyPods() {
      return endpoints().map(all -> all.stream().filter(Endpoint::ready).count());
    }

    private boolean hasNoReadyPod() {
      return readyPods().filter(count -> count == 0).isPresent();
    }

    private boolean hasReadyPod() {
      return readyPods().filter(count -> count > 0).isPresent();
    }

    /** Where neither the Service nor its pods are known. */
    private String checkBackend() {
      return scope.startsWith("service/")
          ? "check that the Service exists and has ready pods: kubectl -n %s get service,endpointslices"
              .formatted(namespace())
          : "check that the API server reaches the address that the webhook configuration names";
    }

    /** Where the pods listen for the API server: the path of its packets ends there. */
    private String targetPort() {
      var called =
          Stream.concat(
                  webhooks.stream().map(AdmissionWebhook::port),
                  apis.stream().map(AggregatedApi::port))
              .collect(toSet());
      var listening =
          service.stream()
              .flatMap(one -> one.ports().stream())
              .filter(port -> called.contains(port.port()))
              .flatMap(port -> port.endpointPort().stream())
              .collect(toCollection(TreeSet::new));
      return listening.isEmpty()
          ? "the target port of the Service (9443 for the AWS Load Balancer Controller)"
          : "TCP port %s, where the pods of the Service listen,"
              .formatted(FindingText.list(listening.stream().map(String::valueOf).toList()));
    }

    private String namespace() {
      return scope.split("/")[1];
    }

    /** Webhooks whose {@code caBundle} is expired: the API server trusts no certificate of them. */
    private List<AdmissionWebhook> expired() {
      return webhooks.stream()
          .filter(webhook -> webhook.trustedUntil().filter(now::isAfter).isPresent())
          .toList();
    }

    private Finding unreachable() {
      var ready = readyPods();
      var finding =
          start(RootCause.WEBHOOK_UNREACHABLE, failures.isEmpty() ? 85 : 90, webhooks)
              .evidenceIf(isMissing(), "there is no such Service")
              .evidenceIf(
                  ready.isPresent(),
                  "%d of %d pods of the Service are ready"
                      .formatted(ready.orElse(0L), endpoints().map(List::size).orElse(0)))
              .excludesIf(hasReadyPod(), "not the pods of the webhook: they are ready")
              .holdFor(failures.isEmpty() ? ROLLOUT : ReportedError.untilRetried(failures));
      if (failures.isEmpty() && apis.isEmpty()) {
        finding.supportedBy(inventory, Resources.ADMISSION_WEBHOOKS, Resources.SCALED_TO_ZERO);
      } else if (failures.isEmpty()) {
        finding.supportedBy(inventory, Resources.AGGREGATED_APIS);
      }
      if (isMissing()) {
        finding.fix(
            "if its program is uninstalled, delete what calls it ("
                + String.join(", ", callers())
                + "); else install it again");
      } else if (hasNoReadyPod()) {
        finding.fix(
            "make its pods ready: kubectl -n %s get pods, then describe those that are not"
                .formatted(namespace()));
      }
      if (hasReadyPod()) {
        finding.fix(
            "allow %s from the cluster security group in that of the nodes".formatted(targetPort()),
            "if pods have addresses that the control plane cannot route to (another CNI), run the"
                + " webhook with hostNetwork");
      } else if (ready.isEmpty() && !isMissing()) {
        finding.fix(checkBackend());
      }
      if (apis.isEmpty()) {
        finding.fix(
            "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations, and delete"
                + " those whose program is uninstalled");
      }
      return finding.build();
    }

    private Finding untrusted() {
      var expired = expired();
      var finding =
          start(RootCause.WEBHOOK_CERTIFICATE, 95, expired)
              .excludesIf(
                  !failures.isEmpty() || !apis.isEmpty(),
                  "not the network: the TLS handshake reaches the webhook")
              .fix(
                  "renew the certificate in its Secret, and the caBundle of its configuration: two"
                      + " installations of a chart, or helm template without keepTLSSecret, replace"
                      + " one without the other");
      expired.stream()
          .findFirst()
          .flatMap(AdmissionWebhook::trustedUntil)
          .ifPresent(at -> finding.evidence("its caBundle expired at " + at));
      if (scope.startsWith("service/")) {
        finding.fix(
            "restart the pods of the webhook: kubectl -n %s rollout restart deployment"
                .formatted(namespace()));
      }
      return finding
          .fix("if cert-manager issues it, check its Certificate and that its CA injector runs")
          .build();
    }

    private Finding.Builder start(
        RootCause cause, int percent, List<AdmissionWebhook> refusingWrites) {
      var finding =
          failures.isEmpty()
              ? Finding.builder(cause, scope, percent)
              : ReportedError.finding(cause, scope, percent, failures);
      apis.forEach(
          api ->
              finding.evidence(
                  "APIService %s is not available: %s".formatted(api.name(), api.message())));
      return finding.evidenceIf(
          !refusingWrites.isEmpty(),
          "writes are refused while it cannot be called (failurePolicy: Fail): "
              + FindingText.list(names(refusingWrites)));
    }

    private static LinkedHashSet<String> names(List<AdmissionWebhook> webhooks) {
      return webhooks.stream()
          .map(AdmissionWebhook::name)
          .collect(toCollection(LinkedHashSet::new));
    }

    private LinkedHashSet<String> callers() {
      return Stream.concat(
              webhooks.stream().map(AdmissionWebhook::configuration),
              apis.stream().map(AggregatedApi::name))
          .collect(toCollection(LinkedHashSet::new));
    }
  }

  private static String scope(ScaledToZero service) {
    return scope(service.namespace(), service.service());
  }
}
