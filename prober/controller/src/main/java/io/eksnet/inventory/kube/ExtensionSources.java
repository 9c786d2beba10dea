package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.number;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.AdmissionWebhook;
import io.eksnet.model.inventory.AggregatedApi;
import io.eksnet.model.inventory.AggregatedApi.Problem;
import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the API server calls in the cluster: admission webhooks and aggregated APIs. */
final class ExtensionSources {
  /** Of a Service that a webhook or an APIService names without a port. */
  private static final int DEFAULT_PORT = 443;

  /** Others, such as {@code ServiceAccessError}, say nothing about the Service. */
  private static final Set<String> NO_BACKEND =
      Set.of("ServiceNotFound", "ServicePortError", "EndpointsNotFound", "MissingEndpoints");

  private ExtensionSources() {}

  /** What is kept of a webhook configuration. */
  record CachedWebhooks(List<AdmissionWebhook> webhooks) {
    CachedWebhooks {
      webhooks = List.copyOf(webhooks);
    }

    static Optional<CachedWebhooks> of(ValidatingWebhookConfiguration object) {
      return kept(
          list(object.getWebhooks()).stream()
              .flatMap(
                  one ->
                      webhook(
                          object, one.getName(), one.getClientConfig(), one.getFailurePolicy())));
    }

    static Optional<CachedWebhooks> of(MutatingWebhookConfiguration object) {
      return kept(
          list(object.getWebhooks()).stream()
              .flatMap(
                  one ->
                      webhook(
                          object, one.getName(), one.getClientConfig(), one.getFailurePolicy())));
    }

    private static Optional<CachedWebhooks> kept(Stream<AdmissionWebhook> webhooks) {
      return Optional.of(new CachedWebhooks(webhooks.toList()))
          .filter(w -> !w.webhooks().isEmpty());
    }
  }

  /** A webhook with a URL is not in the cluster, or at an address that it does not name. */
  private static Stream<AdmissionWebhook> webhook(
      HasMetadata configuration,
      @Nullable String name,
      @Nullable WebhookClientConfig client,
      @Nullable String failurePolicy) {
    return client == null || client.getService() == null
        ? Stream.empty()
        : Stream.of(
            new AdmissionWebhook(
                text(name),
                KubeObjects.name(configuration),
                text(client.getService().getNamespace()),
                text(client.getService().getName()),
                number(client.getService().getPort(), DEFAULT_PORT),
                // "Defaults to Fail."
                !"Ignore".equals(failurePolicy),
                trustedUntil(text(client.getCaBundle()))));
  }

  /** The end of the last certificate in base64 of PEM; empty if there is none that can be read. */
  static Optional<Instant> trustedUntil(String caBundle) {
    try {
      var pem = Base64.getDecoder().decode(caBundle);
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem))
          .stream()
          .map(certificate -> ((X509Certificate) certificate).getNotAfter().toInstant())
          .max(Comparator.naturalOrder());
    } catch (CertificateException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** An API that the API server serves itself is dropped. */
  static Optional<AggregatedApi> aggregatedApi(APIService object) {
    var spec = object.getSpec();
    if (spec == null || spec.getService() == null) {
      return Optional.empty();
    }
    var service = spec.getService();
    var unavailable =
        Optional.ofNullable(object.getStatus()).stream()
            .flatMap(status -> list(status.getConditions()).stream())
            .filter(one -> "Available".equals(one.getType()) && "False".equals(one.getStatus()))
            .findFirst();
    return Optional.of(
        new AggregatedApi(
            KubeObjects.name(object),
            text(service.getNamespace()),
            text(service.getName()),
            number(service.getPort(), DEFAULT_PORT),
            unavailable
                .map(one -> problem(text(one.getReason()), text(one.getMessage())))
                .orElse(Problem.NONE),
            unavailable
                .map(
                    one ->
                        KubeObjects.message(text(one.getReason()) + ": " + text(one.getMessage())))
                .orElse("")));
  }

  /** Reasons and messages are those of {@code kube-aggregator} (remote_available_controller.go). */
  static Problem problem(String reason, String message) {
    if (NO_BACKEND.contains(reason)) {
      return Problem.NO_BACKEND;
    } else if (!reason.equals("FailedDiscoveryCheck")) {
      return Problem.NONE;
    } else if (message.contains("bad status from")) {
      return Problem.RESPONDS;
    }
    return message.contains("x509:") ? Problem.CERTIFICATE : Problem.UNREACHABLE;
  }
}
