package io.eksnet.web;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of the endpoints. All of its handlers run on one event loop. */
public final class WebServer {
  private static final Logger log = LoggerFactory.getLogger(WebServer.class);
  private static final int MAX_REQUEST_LINE_BYTES = 4_096;
  private static final int MAX_HEADER_BYTES = 16_384;
  private static final int IDLE_TIMEOUT_SECONDS = 60;
  private static final int HANDSHAKE_TIMEOUT_SECONDS = 5;
  private static final Duration CERTIFICATE_CHECK_INTERVAL = Duration.ofSeconds(10);

  private final Context context;
  private final WorkerExecutor pageWorker;
  private final WorkerExecutor passwordWorker;
  private final BasicAuthHandler auth;
  private final WebConfig config;
  private final Optional<ClusterEndpoints.Session> cluster;
  private final Router router;
  private final HttpServer server;
  private @Nullable Certificates certificates;
  private String lastCertificateError = "";
  private long timer = -1;

  private WebServer(
      Context context,
      WebConfig config,
      EndpointDependencies dependencies,
      boolean lifecycle,
      ConnectionLimiter.Timeouts timeouts,
      @Nullable Certificates certificates) {
    this.context = context;
    this.config = config;
    this.certificates = certificates;
    var vertx = context.owner();
    pageWorker = vertx.createSharedWorkerExecutor("pages", 1);
    passwordWorker = vertx.createSharedWorkerExecutor("passwords", 1);
    auth = new BasicAuthHandler(new Passwords(config.basicAuthUsers()), passwordWorker);
    var maxConnections =
        dependencies.cluster().isPresent()
            ? ConnectionLimiter.MAX_CONTROLLER_CONNECTIONS
            : ConnectionLimiter.MAX_AGENT_CONNECTIONS;
    var connections =
        new ConnectionLimiter(
            vertx, maxConnections, config.tlsServerConfig().isPresent(), timeouts);
    cluster =
        dependencies
            .cluster()
            .map(
                endpoints ->
                    endpoints.open(vertx, dependencies.about(), connections, dependencies.clock()));
    router =
        WebRoutes.of(
            vertx,
            dependencies,
            lifecycle,
            config.httpServerConfig().headers(),
            connections,
            auth,
            new SharedPages(pageWorker, connections.bodies()),
            cluster);
    AcceptingTransport.onAccept(vertx, connections.acceptHandler());
    server =
        vertx
            .createHttpServer(options(config, certificates))
            .connectionHandler(connections::onConnect)
            .requestHandler(router);
  }

  /**
   * Starts the server; fails with what is wrong with the address or the certificate.
   *
   * @param lifecycle whether {@code /-/reload} is enabled
   */
  public static Future<WebServer> start(
      Vertx vertx,
      ListenAddress address,
      WebConfig config,
      EndpointDependencies dependencies,
      boolean lifecycle) {
    return start(
        vertx, address, config, dependencies, lifecycle, ConnectionLimiter.Timeouts.DEFAULT);
  }

  static Future<WebServer> start(
      Vertx vertx,
      ListenAddress address,
      WebConfig config,
      EndpointDependencies dependencies,
      boolean lifecycle,
      ConnectionLimiter.Timeouts timeouts) {
    var context = vertx.getOrCreateContext();
    return onContext(
        context,
        () ->
            readCertificates(context, config)
                .compose(
                    certificates ->
                        new WebServer(
                                context,
                                config,
                                dependencies,
                                lifecycle,
                                timeouts,
                                certificates.orElse(null))
                            .listen(address)));
  }

  /** The bound port. */
  public int port() {
    return server.actualPort();
  }

  /** All paths of the router. */
  List<String> paths() {
    return router.getRoutes().stream()
        .map(Route::getPath)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /**
   * Reads certificate, key and authorities again and serves them if they changed; completes with
   * whether they did. Invalid files are logged, and the current certificate stays.
   */
  public Future<Boolean> reloadCertificates() {
    return onContext(
        context,
        () ->
            readCertificates(context, config)
                .compose(this::serve)
                .recover(
                    e -> {
                      logOnce(String.valueOf(e.getMessage()));
                      return Future.succeededFuture(false);
                    }));
  }

  /** Replaces the users, by name and bcrypt hash; without users, no password is required. */
  public void setUsers(Map<String, String> users) {
    auth.setPasswords(new Passwords(users));
  }

  /** Stops accepting, waits up to {@code timeout} for running requests, then closes. */
  public Future<Void> stop(Duration timeout) {
    return onContext(
        context,
        () -> {
          context.owner().cancelTimer(timer);
          cluster.ifPresent(ClusterEndpoints.Session::close);
          return server
              .shutdown(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .eventually(pageWorker::close)
              .eventually(passwordWorker::close);
        });
  }

  private Future<WebServer> listen(ListenAddress address) {
    return server
        .listen(address.port(), address.bindHost())
        .map(
            listening -> {
              if (config.tlsServerConfig().isPresent()) {
                timer =
                    context
                        .owner()
                        .setPeriodic(
                            CERTIFICATE_CHECK_INTERVAL.toMillis(), id -> reloadCertificates());
              }
              return this;
            })
        .recover(
            e -> {
              pageWorker.close();
              passwordWorker.close();
              return Future.failedFuture(
                  new IllegalStateException(
                      "cannot listen on " + address + ": " + e.getMessage(), e));
            });
  }

  private Future<Boolean> serve(Optional<Certificates> read) {
    var tls = config.tlsServerConfig();
    if (tls.isEmpty() || read.isEmpty() || read.get().equals(certificates)) {
      lastCertificateError = "";
      return Future.succeededFuture(false);
    }
    var changed = read.get();
    return server
        .updateSSLOptions(changed.options(tls.get(), config.httpServerConfig().http2()), true)
        .map(
            updated -> {
              certificates = changed;
              lastCertificateError = "";
              log.atInfo().addKeyValue("file", tls.get().certFile()).log("certificate reloaded");
              return true;
            });
  }

  private void logOnce(String error) {
    if (!error.equals(lastCertificateError)) {
      lastCertificateError = error;
      log.atWarn()
          .addKeyValue("error", error)
          .log("certificate reload failed, keeping current certificate");
    }
  }

  private static HttpServerOptions options(WebConfig config, @Nullable Certificates certificates) {
    var http2 = config.httpServerConfig().http2();
    var options =
        new HttpServerOptions()
            .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setIdleTimeout(IDLE_TIMEOUT_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setSslHandshakeTimeout(HANDSHAKE_TIMEOUT_SECONDS)
            .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setAlpnVersions(
                http2
                    ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                    : List.of(HttpVersion.HTTP_1_1));
    if (certificates != null) {
      certificates.applyTo(options, config.tlsServerConfig().orElseThrow());
    }
    return options;
  }

  private static Future<Optional<Certificates>> readCertificates(
      Context context, WebConfig config) {
    var tls = config.tlsServerConfig();
    return tls.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : context.executeBlocking(
            () -> Optional.of(Certificates.read(tls.get(), context.owner())), false);
  }

  private static <T> Future<T> onContext(Context context, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        go -> Future.succeededFuture().compose(x -> work.get()).onComplete(promise));
    return promise.future();
  }
}
