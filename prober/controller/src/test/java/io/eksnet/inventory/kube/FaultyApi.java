package io.eksnet.inventory.kube;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A small API server that lists and watches, and fails on request. */
final class FaultyApi implements AutoCloseable {
  /** Answers nothing and keeps the connection. */
  static final int HANG = -1;

  /** A real API server sends one each minute. */
  private static final int BOOKMARK_MILLIS = 200;

  private record SentEvent(int version, String event) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, Map<String, JsonObject>> objects = new ConcurrentHashMap<>();
  private final Map<String, Integer> lists = new ConcurrentHashMap<>();
  private final Map<String, Integer> watches = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> selectors = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> timeouts = new ConcurrentHashMap<>();
  private final Map<String, List<String>> versions = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> listCounts = new ConcurrentHashMap<>();
  private final Map<String, List<ServerWebSocket>> sockets = new ConcurrentHashMap<>();
  private final Map<String, List<SentEvent>> sentEvents = new ConcurrentHashMap<>();
  private final Set<ServerWebSocket> frozen = ConcurrentHashMap.newKeySet();
  private final AtomicInteger version = new AtomicInteger(100);
  private final Set<String> headers = ConcurrentHashMap.newKeySet();
  private final Set<String> withoutBookmarks = ConcurrentHashMap.newKeySet();
  private volatile int all;
  private volatile boolean deaf;

  FaultyApi() {
    server =
        done(
            vertx
                .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1"));
    vertx.setPeriodic(BOOKMARK_MILLIS, timer -> sockets.keySet().forEach(this::bookmark));
  }

  private static <R> R done(Future<R> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** The cluster has this kind. */
  void serve(String path) {
    objects.putIfAbsent(path, new ConcurrentHashMap<>());
  }

  /** Like {@link #serve}, but without bookmarks, as events; watches end after their timeout. */
  void serveWithoutBookmarks(String path) {
    serve(path);
    withoutBookmarks.add(path);
  }

  /** Adds or changes an object and publishes it to the watches. */
  void put(String path, String namespace, String name, JsonObject content) {
    serve(path);
    var object = content.copy();
    var meta = object.getJsonObject("metadata", new JsonObject());
    object.put(
        "metadata",
        meta.put("name", name)
            .put("namespace", namespace)
            .put("resourceVersion", Integer.toString(version.incrementAndGet())));
    var before = objects(path).put(namespace + "/" + name, object);
    publish(path, before == null ? "ADDED" : "MODIFIED", object);
  }

  void remove(String path, String namespace, String name) {
    var object = objects(path).remove(namespace + "/" + name);
    if (object != null) {
      object
          .getJsonObject("metadata")
          .put("resourceVersion", Integer.toString(version.incrementAndGet()));
      publish(path, "DELETED", object);
    }
  }

  /** Removes an object without an event. */
  void removeSilently(String path, String namespace, String name) {
    objects(path).remove(namespace + "/" + name);
  }

  /** Lists are answered with this code; 0: as they should. */
  void lists(String path, int code) {
    lists.put(path, code);
  }

  /** Watches are answered with this code; 0: as they should. */
  void watches(String path, int code) {
    watches.put(path, code);
  }

  /** Everything is answered with this code; 0: as it should. */
  void everything(int code) {
    all = code;
  }

  /**
   * Whether the connections of open watches carry nothing any more, without being closed, as after
   * a NAT gateway forgot them. New watches work.
   */
  void freezeWatches() {
    frozen.addAll(sockets.values().stream().flatMap(List::stream).toList());
  }

  /** Whether no watch is sent anything, not even a new one. */
  void deaf(boolean isDeaf) {
    deaf = isDeaf;
  }

  /** The names and values of all request headers of lists. */
  Set<String> headers() {
    return Set.copyOf(headers);
  }

  /** Ends the connections of the watches. */
  void cut(String path) {
    sockets.getOrDefault(path, List.of()).forEach(socket -> socket.close());
  }

  void cutAll() {
    sockets.keySet().forEach(this::cut);
  }

  /** Publishes to the watches that their version is too old. */
  void gone(String path) {
    var status =
        new JsonObject()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("reason", "Expired")
            .put("message", "too old resource version")
            .put("code", 410);
    publish(path, "ERROR", status);
  }

  /** How many watches are open. */
  int standing() {
    return sockets.values().stream().mapToInt(List::size).sum();
  }

  /** How often a kind was listed. */
  int listCount(String path) {
    return listCounts.computeIfAbsent(path, p -> new AtomicInteger()).get();
  }

  /** The field selectors of all requests to a path. */
  Set<String> selectors(String path) {
    return Set.copyOf(selectors.getOrDefault(path, Set.of()));
  }

  /** After how many seconds the watches of a path are to end. */
  Set<String> timeouts(String path) {
    return Set.copyOf(timeouts.getOrDefault(path, Set.of()));
  }

  /** The resource versions of all requests to a path, in order. */
  List<String> versions(String path) {
    return List.copyOf(versions.getOrDefault(path, List.of()));
  }

  private Map<String, JsonObject> objects(String path) {
    return Optional.ofNullable(objects.get(path)).orElseThrow();
  }

  private void publish(String path, String type, JsonObject object) {
    var event = new JsonObject().put("type", type).put("object", object).encode();
    if (!type.equals("ERROR")) {
      sentEvents
          .computeIfAbsent(path, p -> new CopyOnWriteArrayList<>())
          .add(new SentEvent(version.get(), event));
    }
    send(path, event);
  }

  /** As a real server: an object of the kind with a resource version and nothing else. */
  private void bookmark(String path) {
    if (withoutBookmarks.contains(path)) {
      return;
    }
    var meta = new JsonObject().put("resourceVersion", version.toString());
    var object = new JsonObject().put("metadata", meta).put("spec", new JsonObject());
    send(path, new JsonObject().put("type", "BOOKMARK").put("object", object).encode());
  }

  private void send(String path, String event) {
    sockets.getOrDefault(path, List.of()).stream()
        .filter(socket -> !deaf && !frozen.contains(socket))
        .forEach(socket -> socket.writeTextMessage(event));
  }

  private void answer(HttpServerRequest request) {
    var path = request.path();
    versions
        .computeIfAbsent(path, p -> new CopyOnWriteArrayList<>())
        .add(request.getParam("resourceVersion", "none"));
    selectors
        .computeIfAbsent(path, p -> ConcurrentHashMap.newKeySet())
        .add(request.getParam("fieldSelector", ""));
    if (refused(request, all)) {
      return;
    }
    if (path.equals("/version")) {
      reply(request, new JsonObject().put("major", "1").put("minor", "33"));
    } else if ("true".equals(request.getParam("watch"))) {
      watch(request, path);
    } else {
      listCounts.computeIfAbsent(path, p -> new AtomicInteger()).incrementAndGet();
      if (!refused(request, lists.getOrDefault(path, objects.containsKey(path) ? 0 : 404))) {
        list(request, path);
      }
    }
  }

  private void watch(HttpServerRequest request, String path) {
    if (refused(request, watches.getOrDefault(path, 0))) {
      return;
    }
    var unused =
        request
            .toWebSocket()
            .onSuccess(
                socket -> {
                  var open = sockets.computeIfAbsent(path, p -> new CopyOnWriteArrayList<>());
                  var since = Integer.parseInt(request.getParam("resourceVersion", "0"));
                  sentEvents.getOrDefault(path, List.of()).stream()
                      .filter(past -> past.version() > since)
                      .forEach(past -> socket.writeTextMessage(past.event()));
                  open.add(socket);
                  socket.closeHandler(closed -> open.remove(socket));
                  var seconds = request.getParam("timeoutSeconds", "600");
                  timeouts.computeIfAbsent(path, p -> ConcurrentHashMap.newKeySet()).add(seconds);
                  vertx.setTimer(Long.parseLong(seconds) * 1_000, timer -> endInTime(socket));
                });
  }

  private void endInTime(ServerWebSocket socket) {
    if (!deaf && !frozen.contains(socket) && !socket.isClosed()) {
      var unused = socket.close((short) 1_000);
    }
  }

  private void list(HttpServerRequest request, String path) {
    request.headers().forEach(header -> headers.add(header.getKey() + ": " + header.getValue()));
    reply(
        request,
        new JsonObject()
            .put("kind", "List")
            .put("apiVersion", "v1")
            .put("metadata", new JsonObject().put("resourceVersion", version.toString()))
            .put("items", new JsonArray(List.copyOf(objects(path).values()))));
  }

  private static boolean refused(HttpServerRequest request, int code) {
    if (code > 0) {
      request
          .response()
          .setStatusCode(code)
          .putHeader("Content-Type", "application/json")
          .end(new JsonObject().put("kind", "Status").put("code", code).encode());
    }
    return code != 0;
  }

  private static void reply(HttpServerRequest request, JsonObject body) {
    request.response().putHeader("Content-Type", "application/json").end(body.encode());
  }

  @Override
  public void close() {
    var unused = done(vertx.close());
  }
}
