package io.eksnet.inventory.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Asynchronous requests over fabric8's HTTP client, which adds credentials and TLS. Its typed API
 * offers neither compressed lists that are parsed as they arrive nor the bookmarks of watches. No
 * retries.
 */
final class ApiClient {
  private static final String JSON = "application/json";
  private static final String VERSION = "/version";
  private static final int MAX_REASON_LENGTH = 200;

  private final KubeAccess access;
  private final Duration timeout;

  ApiClient(KubeAccess access, Duration timeout) {
    this.access = access;
    this.timeout = timeout;
  }

  /**
   * Lists the objects of a kind; the future completes before the body has been read.
   *
   * @param version {@code 0}: any that the API server has in its cache; empty: the most recent;
   *     otherwise at least this one
   */
  CompletableFuture<HttpResponse<InputStream>> list(
      ResourceKind<?, ?> kind, String version, Duration listTimeout) {
    var query = new StringJoiner("&", "?", "").setEmptyValue("");
    addSelector(query, kind);
    if (!version.isEmpty()) {
      query.add("resourceVersion=" + version);
      query.add("resourceVersionMatch=NotOlderThan");
    }
    return send(
        kind.path() + query,
        request -> request.header("Accept-Encoding", "gzip"),
        listTimeout,
        InputStream.class);
  }

  /**
   * Opens a watch with bookmarks.
   *
   * @param version from which it continues
   * @param duration after which the API server ends it
   */
  CompletableFuture<WebSocket> watch(
      ResourceKind<?, ?> kind, String version, Duration duration, WebSocket.Listener listener) {
    var query = new StringJoiner("&", "?watch=true&allowWatchBookmarks=true&", "");
    addSelector(query, kind);
    query.add("resourceVersion=" + version);
    query.add("timeoutSeconds=" + duration.toSeconds());
    try {
      return access
          .client()
          .getHttpClient()
          .newWebSocketBuilder()
          .uri(URI.create(url(kind.path() + query)))
          .connectTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .buildAsync(listener);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void addSelector(StringJoiner query, ResourceKind<?, ?> kind) {
    if (!kind.fieldSelector().isEmpty()) {
      query.add("fieldSelector=" + URLEncoder.encode(kind.fieldSelector(), UTF_8));
    }
  }

  /** Why the API server does not answer; empty: it does. A 4xx is an answer. */
  CompletableFuture<Optional<Unavailable>> checkVersion() {
    return get(VERSION)
        .handle(
            (response, error) ->
                error == null
                    ? unavailable(response.code(), VERSION)
                        .filter(lack -> response.code() >= HttpURLConnection.HTTP_INTERNAL_ERROR)
                    : Optional.of(unavailable(error, VERSION)));
  }

  /** One object as JSON; fails without a 2xx response. */
  CompletableFuture<String> object(String path) {
    return get(path)
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
    for (var error = thrown; error != null; error = error.getCause()) {
      if (error instanceof TooManyObjectsException) {
        return new Unavailable(Reason.ERROR, KubeObjects.text(error.getMessage()));
      }
      if (error instanceof TimeoutException || error instanceof HttpTimeoutException) {
        return new Unavailable(Reason.TIMEOUT, resource + ": no response in time");
      }
      var refused = status(error).flatMap(code -> unavailable(code, resource));
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    return new Unavailable(Reason.ERROR, resource + ": " + describe(thrown));
  }

  /** The HTTP status of the API server, if that is why the request failed. */
  static Optional<Integer> status(Throwable error) {
    if (error instanceof WebSocketHandshakeException handshake) {
      return Optional.of(handshake.getResponse().code());
    }
    return error instanceof KubernetesClientException refused && refused.getCode() > 0
        ? Optional.of(refused.getCode())
        : Optional.empty();
  }

  /** The outermost message that is not only that of a cause. */
  private static String describe(Throwable thrown) {
    var error = thrown;
    while (isWrapper(error) && error.getCause() != null) {
      error = error.getCause();
    }
    // the JDK's HTTP client leaves out why it cannot connect
    var prefix = error instanceof ConnectException ? "cannot connect to the API server: " : "";
    return KubeObjects.truncate(
        (prefix + error.getClass().getSimpleName() + " " + KubeObjects.text(error.getMessage()))
            .strip(),
        MAX_REASON_LENGTH);
  }

  private static boolean isWrapper(Throwable error) {
    return error instanceof CompletionException
        || error instanceof ExecutionException
        || error instanceof UncheckedIOException;
  }

  private CompletableFuture<HttpResponse<String>> get(String path) {
    return send(path, request -> request, timeout, String.class)
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private <B> CompletableFuture<HttpResponse<B>> send(
      String path, UnaryOperator<HttpRequest.Builder> options, Duration limit, Class<B> body) {
    try {
      var http = access.client().getHttpClient();
      var request =
          http.newHttpRequestBuilder()
              .uri(url(path))
              .header("Accept", JSON)
              .timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
      return http.sendAsync(options.apply(request).build(), body);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private String url(String path) {
    return access.client().getMasterUrl().toString().replaceAll("/+$", "") + path;
  }
}
