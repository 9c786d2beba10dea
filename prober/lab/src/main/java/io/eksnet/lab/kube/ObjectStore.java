package io.eksnet.lab.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.Behavior.KubeFault;
import io.eksnet.lab.cluster.ClusterState;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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
 * The objects of the API server, and its responses.
 *
 * <p>The parent's map is not thread-safe: only the server's one thread may use this.
 */
final class ObjectStore extends KubernetesCrudDispatcher {
  private static final long HANG_SECONDS = 30;
  private static final int MAX_PATHS = 1_000;
  private static final Pattern RESOURCE_VERSION =
      Pattern.compile("[?&]resourceVersion=(\\d{1,18})");

  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final Set<String> requestedPaths = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> deleted = new ConcurrentHashMap<>();
  private final WatchConnections watches = new WatchConnections();
  private volatile ClusterState state = ClusterState.EMPTY;
  private volatile ApiKinds kinds = ApiKinds.of(ClusterState.EMPTY);

  /** An object at a path; empty JSON deletes it. */
  record ObjectChange(String path, String json) {}

  /** Serves another state, which differs by these changes. */
  void update(ClusterState next, List<ObjectChange> changes) {
    state = next;
    kinds = ApiKinds.of(next);
    changes.forEach(this::apply);
  }

  /** The number of requests by verb and plural: {@code GET pods}, {@code WATCH pods}. */
  long requests(String verbAndPlural) {
    var count = requests.get(verbAndPlural);
    return count == null ? 0 : count.sum();
  }

  /** All requested paths with their verbs: {@code WATCH /api/v1/pods}. */
  Set<String> requestedPaths() {
    return Set.copyOf(requestedPaths);
  }

  /** The open watches. */
  WatchConnections watches() {
    return watches;
  }

  /** Sends each open watch a bookmark. */
  void sendBookmarks() {
    var version = Long.toString(requestResourceVersion());
    watches.sendBookmarks(
        plural ->
            kinds
                .ofPlural(plural)
                .map(
                    kind ->
                        "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"%s\"}}"
                            .formatted(kind.kind(), kind.apiVersion(), version))
                .orElse("{\"metadata\":{\"resourceVersion\":\"" + version + "\"}}"));
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    var path = request.getPath().split("\\?", 2)[0];
    var kind = kinds.at(path);
    var plural = kind.map(ApiKinds.ApiKind::plural).orElse("");
    boolean watch = request.getPath().contains("watch=true");
    var verb = watch ? "WATCH" : request.getMethod();
    requests.computeIfAbsent(verb + " " + plural, key -> new LongAdder()).increment();
    if (requestedPaths.size() < MAX_PATHS) {
      requestedPaths.add(verb + " " + path);
    }
    var fault = fault(plural);
    if (watch && (isGone(fault) || isStale(request.getPath(), plural))) {
      return new MockResponse().withWebSocketUpgrade(WatchConnections.expired());
    }
    if (fault.equals(Optional.of(KubeFault.Kind.DEAF))) {
      fault = Optional.empty();
      if (watch) {
        return new MockResponse().withWebSocketUpgrade(watches.deaf(plural));
      }
    }
    if (fault.isPresent() && !isGone(fault)) {
      return faultResponse(fault.get(), plural);
    }
    var discovery = kinds.discover(path);
    if (discovery.isPresent()) {
      return json(200, discovery.get());
    }
    if (kind.isEmpty()) {
      return new MockResponse()
          .setResponseCode(404)
          .setHeader("Content-Type", "text/plain; charset=utf-8")
          .setBody("404 page not found\n");
    }
    var response = super.dispatch(request);
    if (request.getMethod().equals("DELETE")) {
      deleted.put(plural, requestResourceVersion());
    }
    if (response.getWebSocketListener() != null) {
      return response.withWebSocketUpgrade(
          watches.track(
              plural, response.getWebSocketListener(), () -> isStale(request.getPath(), plural)));
    }
    return response.code() == 404
        ? failure(404, "NotFound", plural + " \"" + name(path) + "\" not found")
        : response.setHeader("Content-Type", "application/json");
  }

  /** The parent knows the fields of {@code metadata} only, so this method selects. */
  @Override
  public MockResponse handleGet(String path) {
    Optional<FieldSelector> selector;
    try {
      selector = FieldSelector.in(path);
    } catch (IllegalArgumentException e) {
      return failure(400, "BadRequest", String.valueOf(e.getMessage()));
    }
    return selector
        .map(fields -> handleGet(path, fields))
        .orElseGet(() -> super.handleGet(FieldSelector.removedFrom(path)));
  }

  private MockResponse handleGet(String path, FieldSelector selector) {
    var plural = kinds.at(path.split("\\?", 2)[0]).map(ApiKinds.ApiKind::plural).orElse("");
    var unsupported = selector.unsupported(plural);
    if (unsupported.isPresent()) {
      return failure(400, "BadRequest", "field label not supported: " + unsupported.get());
    }
    var response = super.handleGet(FieldSelector.removedFrom(path));
    if (response.getWebSocketListener() != null) {
      return response.withWebSocketUpgrade(
          new SelectedWatch(response.getWebSocketListener(), selector));
    }
    return response.code() == 200 ? response.setBody(select(response, selector)) : response;
  }

  private static String select(MockResponse response, FieldSelector selector) {
    var list = new JsonObject(response.getBody().readUtf8());
    var items =
        list.getJsonArray("items", new JsonArray()).stream()
            .map(JsonObject.class::cast)
            .filter(selector::matches)
            .toList();
    return list.put("items", new JsonArray(items)).encode();
  }

  private void apply(ObjectChange change) {
    var key = getKey(change.path());
    var existing = findResource(key);
    var old = existing == null ? null : existing.getKey();
    if (!change.json().isEmpty()) {
      var object = Serialization.unmarshal(change.json(), GenericKubernetesResource.class);
      object.getMetadata().setResourceVersion(Long.toString(requestResourceVersion()));
      processEvent(change.path(), key, old, object, Serialization.asJson(object));
    } else if (old != null) {
      processEvent(change.path(), key, old, null, null);
      kinds
          .at(change.path())
          .ifPresent(kind -> deleted.put(kind.plural(), requestResourceVersion()));
    }
  }

  /** Whether a watch would miss a deletion: the store keeps no old events, as after compaction. */
  private boolean isStale(String path, String plural) {
    var since = RESOURCE_VERSION.matcher(path);
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

  private static MockResponse faultResponse(KubeFault.Kind fault, String plural) {
    return switch (fault) {
      case FORBIDDEN ->
          failure(
              403,
              "Forbidden",
              plural
                  + " is forbidden: User \"system:serviceaccount:eksnet:lab\" cannot list resource \""
                  + plural
                  + "\" at the cluster scope");
      case GONE -> failure(410, "Expired", WatchConnections.EXPIRED);
      case BUSY ->
          failure(429, "TooManyRequests", "the server has received too many requests")
              .setHeader("Retry-After", "1");
      case ERROR -> failure(500, "InternalError", "an error on the server");
      case HANG ->
          failure(504, "Timeout", "request did not complete")
              .setBodyDelay(HANG_SECONDS, TimeUnit.SECONDS);
      case DEAF -> throw new IllegalArgumentException("DEAF has no response of its own");
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
