package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * One list of all objects of a kind, in one response and compressed. The API server answers from
 * its cache if a resource version is given, and then ignores limits on the size of a page.
 */
final class ListRequest<T extends HasMetadata, V> implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * The result.
   *
   * @param objects what is kept of the objects, by {@code namespace/name}
   * @param version from which a watch continues
   */
  record Listing<V>(Map<String, V> objects, String version) {}

  private final ResourceKind<T, V> kind;
  private final Function<T, Optional<V>> transform;
  private final Map<String, V> previous;
  private final int maxObjects;
  private final Map<String, V> objects = new ConcurrentHashMap<>();
  private final CompletableFuture<HttpResponse<InputStream>> response;
  private final CompletableFuture<Listing<V>> result;

  /**
   * Sends the request.
   *
   * @param response without the body, which is read on {@code executor}
   * @param transform what is kept of an object; called on {@code executor}
   * @param previous the objects of the last list; those that are equal are kept in memory once
   */
  ListRequest(
      ResourceKind<T, V> kind,
      CompletableFuture<HttpResponse<InputStream>> response,
      Function<T, Optional<V>> transform,
      Map<String, V> previous,
      int maxObjects,
      Executor executor) {
    this.kind = kind;
    this.response = response;
    this.transform = transform;
    this.previous = previous;
    this.maxObjects = maxObjects;
    result = response.thenApplyAsync(this::read, executor);
  }

  /** The objects; fails with the status of the API server, or with what went wrong. */
  CompletableFuture<Listing<V>> result() {
    return result;
  }

  private Listing<V> read(HttpResponse<InputStream> response) {
    try (var in = response.body()) {
      if (!response.isSuccessful()) {
        throw new KubernetesClientException(
            "the API server answered " + response.code(), response.code(), null);
      }
      var version =
          ObjectParser.parseList(
              "gzip".equals(response.header("Content-Encoding"))
                  ? new GZIPInputStream(in, BUFFER_BYTES)
                  : in,
              kind.type(),
              this::keep);
      return new Listing<>(objects, version);
    } catch (IOException e) {
      throw new KubernetesClientException("the list cannot be read: " + e.getMessage(), e);
    }
  }

  private void keep(T object) {
    var key = Cache.metaNamespaceKeyFunc(object);
    transform
        .apply(object)
        .ifPresent(
            value -> {
              if (objects.size() >= maxObjects) {
                throw new TooManyObjectsException(kind, maxObjects);
              }
              var known = previous.get(key);
              objects.put(key, value.equals(known) ? known : value);
            });
  }

  /** Cancels the request; its result fails. */
  @Override
  public void close() {
    result.cancel(false);
    var unused = response.thenAccept(ListRequest::closeBody);
  }

  private static void closeBody(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
