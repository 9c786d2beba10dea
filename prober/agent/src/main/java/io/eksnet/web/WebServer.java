package io.eksnet.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
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

/**
 * The endpoints, on an event loop of their own: the next one of the Vert.x, which is another than
 * the probes' if the Vert.x has two or more and theirs was taken just before.
 */
public final class WebServer {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int LONGEST_LINE = 4_096;
  private static final int LONGEST_HEADERS = 16_384;
  private static final int IDLE_SECONDS = 60;
  private static final Duration LOOK_AT_CERTIFICATES = Duration.ofSeconds(10);

  private final ContextInternal context;
  private final WorkerExecutor writer;
  private final WorkerExecutor checker;
  private final BasicAuthHandler auth;
  private final WebConfig config;
  private final Optional<ClusterEndpoints.Session> cluster;
  private final Router router;
  private final HttpServer server;
  private @Nullable Certificates certificates;
  private String lastTrouble = "";
  private long timer = -1;

  private WebServer(
      ContextInternal context,
      WebConfig config,
      EndpointDependencies sources,
      boolean lifecycle,
      ConnectionLimiter.Patience patience,
      @Nullable Certificates certificates) {
    this.context = context;
    this.config = config;
    this.certificates = certificates;
    var vertx = context.owner();
    writer = vertx.createSharedWorkerExecutor("metrics-page", 1);
    checker = vertx.createSharedWorkerExecutor("passwords", 1);
    auth = new BasicAuthHandler(new Passwords(config.basicAuthUsers()), checker);
    var metrics = new MetricsHandler(sources.metrics(), writer);
    var headers = config.httpServerConfig().headers();
    var most =
        sources.cluster().isPresent()
            ? ConnectionLimiter.MOST_OF_CONTROLLER
            : ConnectionLimiter.MOST;
    var visitors = new ConnectionLimiter(vertx, most, patience);
    cluster = sources.cluster().map(endpoints -> endpoints.open(vertx, visitors, sources.clock()));
    router = WebRoutes.of(vertx, sources, lifecycle, headers, visitors, auth, metrics, cluster);
    server =
        vertx
            .createHttpServer(options(config, certificates))
            .connectionHandler(visitors::opened)
            .requestHandler(router);
  }

  /**
   * Opens the endpoints; fails with what is wrong with the address or the certificate.
   *
   * @param lifecycle whether {@code /-/reload} is open
   */
  public static Future<WebServer> start(
      Vertx vertx,
      ListenAddress address,
      WebConfig config,
      EndpointDependencies sources,
      boolean lifecycle) {
    return start(vertx, address, config, sources, lifecycle, ConnectionLimiter.Patience.USUAL);
  }

  static Future<WebServer> start(
      Vertx vertx,
      ListenAddress address,
      WebConfig config,
      EndpointDependencies sources,
      boolean lifecycle,
      ConnectionLimiter.Patience patience) {
    var context = ((VertxInternal) vertx).createEventLoopContext();
    return read(context, config)
        .compose(
            certificates ->
                onLoop(
                    context,
                    () ->
                        new WebServer(
                                context,
                                config,
                                sources,
                                lifecycle,
                                patience,
                                certificates.orElse(null))
                            .listen(address)));
  }

  /** The port that was bound. */
  public int port() {
    return server.actualPort();
  }

  /** Where something is answered. */
  List<String> paths() {
    return router.getRoutes().stream()
        .map(Route::getPath)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /**
   * Looks whether the certificate, the key or the authorities changed, and uses the new ones;
   * completes with whether it did. What cannot be used is logged and changes nothing.
   */
  public Future<Boolean> refreshCertificates() {
    return onLoop(
        context,
        () ->
            read(context, config)
                .compose(this::use)
                .recover(
                    e -> {
                      warn(String.valueOf(e.getMessage()));
                      return Future.succeededFuture(false);
                    }));
  }

  /** From now on only these users, by name and bcrypt hash, are let in; none: everybody is. */
  public void admit(Map<String, String> users) {
    auth.passwords(new Passwords(users));
  }

  /** Accepts nothing more, lets the running requests end within {@code patience}, then closes. */
  public Future<Void> stop(Duration patience) {
    return onLoop(
        context,
        () -> {
          context.owner().cancelTimer(timer);
          cluster.ifPresent(ClusterEndpoints.Session::close);
          return server
              .shutdown(patience.toMillis(), TimeUnit.MILLISECONDS)
              .eventually(writer::close)
              .eventually(checker::close);
        });
  }

  private Future<WebServer> listen(ListenAddress address) {
    return server
        .listen(address.port(), address.bindHost())
        .map(
            listening -> {
              if (config.tlsServerConfig().isPresent()) {
                timer =
                    context.setPeriodic(LOOK_AT_CERTIFICATES.toMillis(), id -> refreshInPassing());
              }
              return this;
            })
        .recover(
            e -> {
              writer.close();
              checker.close();
              return Future.failedFuture(
                  new IllegalStateException(
                      "cannot listen on " + address + ": " + e.getMessage(), e));
            });
  }

  private void refreshInPassing() {
    refreshCertificates()
        .onFailure(e -> LOG.atError().setCause(e).log("certificates not refreshed"));
  }

  private Future<Boolean> use(Optional<Certificates> read) {
    var tls = config.tlsServerConfig();
    if (tls.isEmpty() || read.isEmpty() || read.get().equals(certificates)) {
      lastTrouble = "";
      return Future.succeededFuture(false);
    }
    var fresh = read.get();
    var options = fresh.options(tls.get(), config.httpServerConfig().http2());
    return server
        .updateSSLOptions(options, true)
        .map(
            updated -> {
              certificates = fresh;
              lastTrouble = "";
              LOG.atInfo().addKeyValue("file", tls.get().certFile()).log("certificate refreshed");
              return true;
            });
  }

  private void warn(String trouble) {
    if (!trouble.equals(lastTrouble)) {
      lastTrouble = trouble;
      LOG.atWarn().addKeyValue("reason", trouble).log("the certificate in use stays");
    }
  }

  private static HttpServerOptions options(WebConfig config, @Nullable Certificates certificates) {
    var http2 = config.httpServerConfig().http2();
    var options =
        new HttpServerOptions()
            .setMaxInitialLineLength(LONGEST_LINE)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
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

  private static Future<Optional<Certificates>> read(ContextInternal context, WebConfig config) {
    var tls = config.tlsServerConfig();
    if (tls.isEmpty()) {
      return context.succeededFuture(Optional.empty());
    }
    return context.executeBlocking(
        () -> Optional.of(Certificates.read(tls.get(), context.owner())), false);
  }

  private static <T> Future<T> onLoop(ContextInternal context, Supplier<Future<T>> work) {
    var promise = context.<T>promise();
    context.runOnContext(
        go -> Future.succeededFuture().compose(x -> work.get()).onComplete(promise));
    return promise.future();
  }
}
