package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Single asynchronous GET requests, which fabric8's typed API does not offer. No retries. */
final class ApiClient {
  /** Only names and versions: the smallest response to a list (Kubernetes API concepts). */
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

  private static final int MAX_REASON_LENGTH = 200;

  private final KubeAccess access;
  private final Duration timeout;

  ApiClient(KubeAccess access, Duration timeout) {
    this.access = access;
    this.timeout = timeout;
  }

  /** Why objects of a kind cannot be listed; empty: they can. */
  CompletableFuture<Optional<Unavailable>> checkList(ResourceKind<?, ?> kind) {
    return get(kind.path() + "?limit=1", METADATA_ONLY)
        .handle(
            (response, error) ->
                error == null
                    ? unavailable(response.code(), kind.label())
                    : Optional.of(unavailable(error, kind.label())));
  }

  /** Whether the API server answers; a 4xx counts as an answer. */
  CompletableFuture<Boolean> isAlive() {
    return get("/version", "application/json")
        .handle((response, error) -> error == null && response.code() < 500);
  }

  /** One object as JSON; fails without a 2xx response. */
  CompletableFuture<String> object(String path) {
    return get(path, "application/json")
        .thenApply(
            response -> {
              unavailable(response.code(), path)
                  .ifPresent(
                      lack -> {
                        throw new IllegalStateException(lack.detail());
                      });
              return response.body();
            });
  }

  /** Why a response with this status code is of no use; empty for 2xx. */
  static Optional<Unavailable> unavailable(int code, String resource) {
    if (code >= 200 && code < 300) {
      return Optional.empty();
    }
    var why =
        switch (code) {
          case 401, 403 -> Reason.DENIED;
          case 404 -> Reason.ABSENT;
          case 429 -> Reason.THROTTLED;
          case 504 -> Reason.TIMEOUT;
          default -> Reason.ERROR;
        };
    return Optional.of(new Unavailable(why, resource + ": the API server answered " + code));
  }

  /** Why a request failed. */
  static Unavailable unavailable(Throwable thrown, String resource) {
    for (Throwable error = thrown; error != null; error = error.getCause()) {
      if (error instanceof KubernetesClientException refused && refused.getCode() > 0) {
        return unavailable(refused.getCode(), resource)
            .orElseGet(() -> new Unavailable(Reason.ERROR, resource + ": " + describe(refused)));
      }
      if (error instanceof TimeoutException || error instanceof HttpTimeoutException) {
        return new Unavailable(Reason.TIMEOUT, resource + ": no response in time");
      }
    }
    return new Unavailable(Reason.ERROR, resource + ": " + describe(thrown));
  }

  private static String describe(Throwable error) {
    return KubeObjects.truncate(
        error.getClass().getSimpleName() + " " + KubeObjects.text(error.getMessage()),
        MAX_REASON_LENGTH);
  }

  private CompletableFuture<HttpResponse<String>> get(String path, String accept) {
    try {
      var base = access.client().getMasterUrl().toString().replaceAll("/+$", "");
      var http = access.client().getHttpClient();
      return http.sendAsync(
              http.newHttpRequestBuilder()
                  .uri(base + path)
                  .header("Accept", accept)
                  .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                  .build(),
              String.class)
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
