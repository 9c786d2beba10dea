package io.eksnet.lab.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeFault;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * The API server's objects and what it says to requests.
 *
 * <p>The map that the parent keeps is not safe to change on two threads: everything here happens on
 * the server's one thread.
 */
final class Store extends KubernetesCrudDispatcher {
  private static final long HANG_SECONDS = 30;
  private static final int MOST_ASKED = 1_000;
  private static final Pattern SINCE = Pattern.compile("[?&]resourceVersion=(\\d{1,18})");

  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> deleted = new ConcurrentHashMap<>();
  private final Watches watches = new Watches();
  private volatile ClusterState state = ClusterState.EMPTY;
  private volatile ApiKinds kinds = ApiKinds.of(ClusterState.EMPTY);

  /** An object at a path, or none any more when its text is empty. */
  record Change(String path, String json) {}

  /** Shows another state from now on, which came about by these changes. */
  void show(ClusterState next, List<Change> changes) {
    state = next;
    kinds = ApiKinds.of(next);
    changes.forEach(this::apply);
  }

  /** Requests for a resource so far, by verb and plural: {@code GET pods}, {@code WATCH pods}. */
  long requests(String verbAndPlural) {
    var count = requests.get(verbAndPlural);
    return count == null ? 0 : count.sum();
  }

  /** All that was asked for so far, by verb and path: {@code WATCH /api/v1/pods}. */
  Set<String> asked() {
    return Set.copyOf(asked);
  }

  /** The watches that are open now. */
  Watches watches() {
    return watches;
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    var path = request.getPath().split("\\?", 2)[0];
    var plural = kinds.plural(path);
    boolean watch = request.getPath().contains("watch=true");
    var verb = watch ? "WATCH" : request.getMethod();
    requests.computeIfAbsent(verb + " " + plural, key -> new LongAdder()).increment();
    if (asked.size() < MOST_ASKED) {
      asked.add(verb + " " + path);
    }
    var fault = fault(plural);
    if (watch && (isGone(fault) || isStale(request.getPath(), plural))) {
      return new MockResponse().withWebSocketUpgrade(Watches.expired());
    }
    if (fault.isPresent() && !isGone(fault)) {
      return broken(fault.get(), plural);
    }
    var discovered = kinds.discovery(path);
    if (discovered.isPresent()) {
      return json(200, discovered.get());
    }
    if (!kinds.serves(path)) {
      return failure(404, "NotFound", "the server could not find the requested resource");
    }
    var response = super.dispatch(request);
    if (request.getMethod().equals("DELETE")) {
      deleted.put(plural, requestResourceVersion());
    }
    if (response.getWebSocketListener() != null) {
      return response.withWebSocketUpgrade(
          watches.following(
              plural, response.getWebSocketListener(), () -> isStale(request.getPath(), plural)));
    }
    return response.code() == 404
        ? failure(404, "NotFound", plural + " \"" + name(path) + "\" not found")
        : response.setHeader("Content-Type", "application/json");
  }

  private void apply(Change change) {
    var key = getKey(change.path());
    var existing = findResource(key);
    var old = existing == null ? null : existing.getKey();
    if (!change.json().isEmpty()) {
      var object = Serialization.unmarshal(change.json(), GenericKubernetesResource.class);
      object.getMetadata().setResourceVersion(Long.toString(requestResourceVersion()));
      processEvent(change.path(), key, old, object, Serialization.asJson(object));
    } else if (old != null) {
      processEvent(change.path(), key, old, null, null);
      deleted.put(kinds.plural(change.path()), requestResourceVersion());
    }
  }

  /** Whether a watch would miss a deletion: old events are not kept, as after a compaction. */
  private boolean isStale(String path, String plural) {
    var since = SINCE.matcher(path);
    return since.find()
        && Long.parseLong(since.group(1)) > 0
        && Long.parseLong(since.group(1)) < deleted.getOrDefault(plural, 0L);
  }

  private static boolean isGone(Optional<KubeFault.Kind> fault) {
    return fault.equals(Optional.of(KubeFault.Kind.GONE));
  }

  private Optional<KubeFault.Kind> fault(String plural) {
    return state
        .find(KubeFault.class, plural)
        .or(() -> state.find(KubeFault.class, "*"))
        .map(KubeFault::kind);
  }

  private static MockResponse broken(KubeFault.Kind fault, String plural) {
    return switch (fault) {
      case FORBIDDEN ->
          failure(
              403,
              "Forbidden",
              plural
                  + " is forbidden: User \"system:serviceaccount:eksnet:lab\" cannot list resource \""
                  + plural
                  + "\" at the cluster scope");
      case GONE -> failure(410, "Expired", Watches.EXPIRED);
      case BUSY ->
          failure(429, "TooManyRequests", "the server has received too many requests")
              .setHeader("Retry-After", "1");
      case ERROR -> failure(500, "InternalError", "an error on the server");
      case HANG ->
          failure(504, "Timeout", "request did not complete")
              .setBodyDelay(HANG_SECONDS, TimeUnit.SECONDS);
    };
  }

  private static MockResponse failure(int code, String reason, String message) {
    var status =
        new StatusBuilder()
            .withStatus("Failure")
            .withCode(code)
            .withReason(reason)
            .withMessage(message)
            .build();
    return json(code, Serialization.asJson(status));
  }

  private static MockResponse json(int code, String body) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(body);
  }

  private static String name(String path) {
    return URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1), UTF_8);
  }
}
