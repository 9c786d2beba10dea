package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.bench.FleetCluster.Listing;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;

/**
 * The part of an API server that a controller uses: compressed lists, watches with bookmarks and
 * the Lease. It counts requests, and every kubelet reports every five minutes, as kubelets do.
 */
final class KubeStub implements AutoCloseable {
  private static final int REPORT_SECONDS = 300;
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/" + FleetCluster.NAMESPACE + "/leases";

  private final Vertx vertx;
  private final int port;
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Map<String, List<ServerWebSocket>> watches = new ConcurrentHashMap<>();
  private final Map<String, Buffer> compressed = new ConcurrentHashMap<>();
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
    vertx.setPeriodic(60_000, id -> watches.keySet().forEach(this::bookmark));
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

  /** How many watches are open. */
  int standing() {
    return watches.values().stream().mapToInt(List::size).sum();
  }

  /** One more node, and an agent on it. */
  void grow() {
    cluster = new FleetCluster(cluster.nodes() + 1);
    listings = cluster.listings();
    compressed.clear();
    var node = cluster.nodes() - 1;
    publish("/api/v1/nodes", "ADDED", node);
    publish("/api/v1/pods", "ADDED", node);
    publish("/apis/apps/v1/daemonsets", "MODIFIED", 0);
  }

  private void report() {
    var due = Math.max(1, cluster.nodes() / REPORT_SECONDS);
    for (var i = 0; i < due && cluster.nodes() >= REPORT_SECONDS; i++) {
      publish("/api/v1/nodes", "MODIFIED", reported++ % cluster.nodes());
    }
  }

  private void publish(String path, String type, int number) {
    var object = listing(path).get(number);
    object
        .getJsonObject("metadata")
        .put("resourceVersion", Integer.toString(version.incrementAndGet()));
    send(path, new JsonObject().put("type", type).put("object", object).encode());
  }

  private void bookmark(String path) {
    var meta = new JsonObject().put("resourceVersion", Integer.toString(version.get()));
    var object = new JsonObject().put("metadata", meta);
    send(path, new JsonObject().put("type", "BOOKMARK").put("object", object).encode());
  }

  private void send(String path, String event) {
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
      list(request, path);
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

  private void list(HttpServerRequest request, String path) {
    vertx
        .executeBlocking(() -> compressed.computeIfAbsent(path, p -> compress(listing(p))))
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Content-Encoding", "gzip")
                    .end(body)
                    .onFailure(gone -> {}))
        .onFailure(failure -> request.response().setStatusCode(500).end());
  }

  /** Objects are built one after another, as all of them would not fit into memory. */
  private static Buffer compress(Listing listing) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new OutputStreamWriter(new GZIPOutputStream(bytes), UTF_8)) {
      out.write(
          "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"1000\"},\"items\":["
              .formatted(listing.kind(), listing.version()));
      for (var i = 0; i < listing.size(); i++) {
        out.write((i == 0 ? "" : ",") + listing.get(i).encode());
      }
      out.write("]}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
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
