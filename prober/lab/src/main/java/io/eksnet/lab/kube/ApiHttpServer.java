package io.eksnet.lab.kube;

import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Serves the {@link ObjectStore} over HTTP and WebSockets on one thread. The mock server of fabric8
 * is not used because it retains every request, blocks its own thread when a watch ends, and does
 * not close while a client delays the closing handshake.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A closed connection needs no response.
final class ApiHttpServer {
  private static final Pattern TIMEOUT = Pattern.compile("[?&]timeoutSeconds=(\\d{1,6})");

  private final ObjectStore store;
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final HttpServer server;

  private ApiHttpServer(ObjectStore store) {
    this.store = store;
    // HTTP/1.1 only: watches are WebSockets.
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setWebSocketClosingTimeout(2)
                    .setMaxWebSocketFrameSize(1 << 20)
                    .addWebSocketSubProtocol("v4.channel.k8s.io"))
            .connectionHandler(this::opened)
            .requestHandler(this::serve);
  }

  static ApiHttpServer start(ObjectStore store, int port, Duration bookmarks) {
    var api = new ApiHttpServer(store);
    try {
      api.context.runOnContext(
          nothing -> api.vertx.setPeriodic(bookmarks.toMillis(), timer -> store.sendBookmarks()));
      api.call(() -> api.server.listen(port, "127.0.0.1")).await();
      return api;
    } catch (RuntimeException e) {
      api.close();
      throw e;
    }
  }

  int port() {
    return server.actualPort();
  }

  /** Runs a task on the thread of the store and waits for it. */
  <T> T call(Callable<T> task) {
    return Future.<T>future(
            promise ->
                context.runOnContext(
                    nothing -> {
                      try {
                        promise.complete(task.call());
                      } catch (Exception e) {
                        promise.fail(e);
                      }
                    }))
        .await();
  }

  /** Closes all connections without waiting for clients. */
  void close() {
    connections.forEach(HttpConnection::close);
    server.close().await();
    vertx.close().await();
  }

  private void opened(HttpConnection connection) {
    connections.add(connection);
    connection.closeHandler(nothing -> connections.remove(connection));
  }

  private void serve(HttpServerRequest http) {
    var upgrade = http.getHeader("Upgrade");
    if (upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket")) {
      var request = request(http, new byte[0]);
      var response = store.dispatch(request);
      if (response.getWebSocketListener() == null) {
        send(http, response);
      } else {
        http.toWebSocket().onSuccess(socket -> watch(socket, request, response));
      }
      return;
    }
    http.body().onSuccess(body -> send(http, store.dispatch(request(http, body.getBytes()))));
  }

  private static RecordedRequest request(HttpServerRequest http, byte[] body) {
    return new RecordedRequest(
        "HTTP/1.1",
        HttpMethod.fromVertx(http.method()),
        http.uri(),
        Headers.builder().addAll(http.headers()).build(),
        new Buffer(body));
  }

  private void send(HttpServerRequest http, MockResponse response) {
    var delay = response.getBodyDelay();
    if (delay != null) {
      vertx.setTimer(delay.toMillis(), timer -> write(http, response));
    } else {
      write(http, response);
    }
  }

  private static void write(HttpServerRequest http, MockResponse response) {
    var to = http.response();
    if (to.ended() || to.closed()) {
      return;
    }
    to.setStatusCode(response.code());
    response.getHeaders().toMultimap().forEach((name, values) -> to.headers().set(name, values));
    var body = response.getBody();
    to.end(io.vertx.core.buffer.Buffer.buffer(body == null ? new byte[0] : body.getBytes()));
  }

  private void watch(ServerWebSocket socket, RecordedRequest request, MockResponse response) {
    var listener = response.getWebSocketListener();
    var watcher = new Watcher(socket, request, context, store.watches());
    var timeout =
        timeout(request.getPath())
            .map(after -> vertx.setTimer(after, id -> store.watches().onTimeout(watcher)));
    socket.closeHandler(
        nothing -> {
          timeout.ifPresent(vertx::cancelTimer);
          var code = socket.closeStatusCode();
          listener.onClosed(watcher, code == null ? 1011 : code, "");
        });
    listener.onOpen(watcher, response);
  }

  /** After how many milliseconds the server ends a watch. */
  private static Optional<Long> timeout(String path) {
    return Stream.of(TIMEOUT.matcher(path))
        .filter(Matcher::find)
        .map(found -> Long.parseLong(found.group(1)) * 1_000)
        .filter(millis -> millis > 0)
        .findFirst();
  }

  /** The server's end of a watch; never blocks its caller. */
  private record Watcher(
      ServerWebSocket socket, RecordedRequest request, Context context, WatchConnections watches)
      implements io.fabric8.mockwebserver.http.WebSocket {
    @Override
    public boolean send(String text) {
      context.runOnContext(
          nothing -> {
            if (!socket.isClosed() && !watches.isFrozen(this)) {
              socket.writeTextMessage(text);
            }
          });
      return true;
    }

    @Override
    public boolean send(byte[] bytes) {
      throw new UnsupportedOperationException("watches send text");
    }

    @Override
    public boolean close(int code, String reason) {
      context.runOnContext(nothing -> socket.close((short) code, reason));
      return true;
    }
  }
}
