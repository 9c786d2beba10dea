package io.eksnet.bench;

import io.eksnet.bench.FleetCluster.Listing;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The part of an API server that a controller uses: lists in pages, watches and the Lease. It
 * counts requests, and every kubelet reports every five minutes, as kubelets do.
 */
final class KubeStub implements AutoCloseable {
  private static final int REPORT_SECONDS = 300;
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/" + FleetCluster.NAMESPACE + "/leases";

  private final Vertx vertx;
  private final int port;
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Map<String, List<ServerWebSocket>> watches = new ConcurrentHashMap<>();
  private final AtomicInteger version = new AtomicInteger(2_000);
  private volatile FleetCluster cluster;
  private volatile Map<String, Listing> listings;
  private volatile JsonObject lease = new JsonObject();
  private int reported;

  KubeStub(FleetCluster cluster) {
    this.cluster = cluster;
    listings = cluster.listings();
    vertx = Vertx.vertx();
    port =
        Waiting.on(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
            .actualPort();
    vertx.setPeriodic(1_000, id -> report());
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Number of requests by kind, including the watches that started. */
  Map<String, Long> counts() {
    var now = new TreeMap<String, Long>();
    counts.forEach((what, count) -> now.put(what, count.sum()));
    return now;
  }

  /** How many watches stand. */
  int standing() {
    return watches.values().stream().mapToInt(List::size).sum();
  }

  /** One more node, and an agent on it. */
  void grow() {
    cluster = new FleetCluster(cluster.nodes() + 1);
    listings = cluster.listings();
    var node = cluster.nodes() - 1;
    tell("/api/v1/nodes", "ADDED", node);
    tell("/api/v1/pods", "ADDED", node);
    tell("/apis/apps/v1/daemonsets", "MODIFIED", 0);
  }

  private void report() {
    var due = Math.max(1, cluster.nodes() / REPORT_SECONDS);
    for (var i = 0; i < due && cluster.nodes() >= REPORT_SECONDS; i++) {
      tell("/api/v1/nodes", "MODIFIED", reported++ % cluster.nodes());
    }
  }

  private void tell(String path, String type, int number) {
    var object = listing(path).get(number);
    object
        .getJsonObject("metadata")
        .put("resourceVersion", Integer.toString(version.incrementAndGet()));
    var event = new JsonObject().put("type", type).put("object", object).encode();
    watches
        .getOrDefault(path, List.of())
        .forEach(socket -> socket.writeTextMessage(event).onFailure(gone -> {}));
  }

  private Listing listing(String path) {
    return java.util.Objects.requireNonNull(listings.get(path));
  }

  private void answer(HttpServerRequest request) {
    var path = request.path();
    if (path.equals("/version")) {
      count("version");
      reply(request, 200, new JsonObject().put("major", "1").put("minor", "33").encode());
    } else if (path.startsWith(LEASES)) {
      lease(request);
    } else if (!listings.containsKey(path)) {
      count("absent");
      reply(request, 404, "{\"kind\":\"Status\",\"code\":404}");
    } else if ("true".equals(request.getParam("watch"))) {
      count("watch");
      watch(request, path);
    } else {
      count("list");
      list(request, listing(path));
    }
  }

  private void count(String what) {
    counts.computeIfAbsent(what, w -> new LongAdder()).increment();
  }

  private void watch(HttpServerRequest request, String path) {
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              var open = watches.computeIfAbsent(path, p -> new CopyOnWriteArrayList<>());
              open.add(socket);
              socket.closeHandler(closed -> open.remove(socket));
            })
        .onFailure(gone -> {});
  }

  private void list(HttpServerRequest request, Listing listing) {
    var from = Integer.parseInt(request.getParam("continue", "0"));
    var to = Math.min(listing.size(), from + Integer.parseInt(request.getParam("limit", "500")));
    var meta = new JsonObject().put("resourceVersion", "1000");
    if (to < listing.size()) {
      meta.put("continue", Integer.toString(to));
    }
    var items = new JsonArray();
    for (var i = from; i < to; i++) {
      items.add(listing.get(i));
    }
    reply(
        request,
        200,
        new JsonObject()
            .put("kind", listing.kind() + "List")
            .put("apiVersion", listing.version())
            .put("metadata", meta)
            .put("items", items)
            .encode());
  }

  private void lease(HttpServerRequest request) {
    count("lease");
    if (request.method().equals(HttpMethod.GET)) {
      var known = lease;
      reply(
          request,
          known.isEmpty() ? 404 : 200,
          known.isEmpty() ? "{\"kind\":\"Status\",\"code\":404}" : known.encode());
    } else {
      request
          .body()
          .onSuccess(
              body -> {
                var written = new JsonObject(body);
                written
                    .getJsonObject("metadata")
                    .put("resourceVersion", Integer.toString(version.incrementAndGet()));
                lease = written;
                reply(request, 200, written.encode());
              });
    }
  }

  private static void reply(HttpServerRequest request, int status, String body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body)
        .onFailure(gone -> {});
  }

  @Override
  public void close() {
    Waiting.on(vertx.close());
  }
}
