package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A small question to the API server: one try, one deadline, no thread waits. */
final class ApiClient {
  /** Only names and versions: the least that shows that something may be listed. */
  private static final String METADATA =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

  private final KubeAccess access;
  private final Duration timeout;

  ApiClient(KubeAccess access, Duration timeout) {
    this.access = access;
    this.timeout = timeout;
  }

  /** Whether objects of a kind may be listed; what is in the way otherwise. */
  CompletableFuture<Optional<Unavailable>> mayList(ResourceKind<?, ?> kind) {
    return get(kind.path() + "?limit=1", METADATA)
        .handle(
            (response, error) ->
                error == null
                    ? Refusal.of(response.code(), kind.label())
                    : Optional.of(Refusal.of(error, kind.label())));
  }

  /** Whether the API server answers at all: a refusal is an answer, a failure of its own is not. */
  CompletableFuture<Boolean> answers() {
    return get("/version", "application/json")
        .handle((response, error) -> error == null && response.code() < 500);
  }

  /** One object; fails if it is not given. */
  CompletableFuture<String> object(String path) {
    return get(path, "application/json")
        .thenApply(
            response -> {
              Refusal.of(response.code(), path)
                  .ifPresent(
                      lack -> {
                        throw new IllegalStateException(lack.detail());
                      });
              return response.body();
            });
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
