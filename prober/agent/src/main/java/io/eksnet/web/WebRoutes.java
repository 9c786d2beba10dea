package io.eksnet.web;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which path is answered by whom. */
final class WebRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(WebRoutes.class);
  private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Set<HttpMethod> ACT = Set.of(HttpMethod.POST, HttpMethod.PUT);
  private static final List<String> OF_CLUSTER =
      List.of("/api/v1/plan", "/api/v1/inventory", "/api/v1/evidence", "/api/v1/findings");

  private static final long LONGEST_BODY = 16_384;

  /** Whether the body is being read, whose flaws are the sender's. */
  private static final String READING = "eksnet.reading";

  private static final int MOST_SHOWN = 50;

  private final EndpointDependencies sources;
  private final Router router;

  private WebRoutes(EndpointDependencies sources, Router router) {
    this.sources = sources;
    this.router = router;
  }

  static Router of(
      Vertx vertx,
      EndpointDependencies sources,
      boolean lifecycle,
      Map<String, String> headers,
      ConnectionLimiter visitors,
      BasicAuthHandler auth,
      MetricsHandler metrics,
      Optional<ClusterEndpoints.Session> cluster) {
    var router = Router.router(vertx);
    var peers = new PeerAuthHandler(sources.token(), auth);
    router
        .route()
        .handler(visitors.arriving())
        .handler(secured(policy(sources), headers))
        .handler(WebRoutes::readParameters)
        .handler(peers)
        .handler(whileReading(true));
    router
        .route()
        .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY))
        .handler(whileReading(false))
        .handler(visitors.arrived());
    new WebRoutes(sources, router).add(lifecycle, metrics, cluster);
    router
        .route()
        .handler(context -> Responses.error(context, 404, "there is nothing here; see /"));
    router.route().failureHandler(WebRoutes::failed);
    return router;
  }

  private void add(
      boolean lifecycleEnabled,
      MetricsHandler metrics,
      Optional<ClusterEndpoints.Session> cluster) {
    var lifecycle = new Lifecycle(sources, lifecycleEnabled);
    var api = new Api(sources);
    on("/", READ, this::statusPage);
    on("/metrics", READ, metrics::handle);
    on("/config", READ, context -> Responses.text(context, 200, sources.config().get()));
    on("/probe", READ, new ProbeNow(sources)::handle);
    on("/api/v1/targets", READ, api::targets);
    on("/api/v1/observations", READ, PeerAuthHandler.guarding(api::observations));
    cluster.ifPresentOrElse(
        session -> session.endpoints().forEach(this::add), this::pointToController);
    on("/-/healthy", READ, lifecycle::healthy);
    on("/-/ready", READ, lifecycle::ready);
    on("/-/reload", ACT, lifecycle::reload);
  }

  private void add(ClusterEndpoints.Endpoint endpoint) {
    on(
        endpoint.path(),
        endpoint.methods(),
        endpoint.guarded() ? PeerAuthHandler.guarding(endpoint.handler()) : endpoint.handler());
  }

  private void pointToController() {
    OF_CLUSTER.forEach(
        path ->
            on(
                path,
                READ,
                context ->
                    Responses.error(
                        context, 404, "this process reads no cluster; ask a controller")));
  }

  private void on(String path, Set<HttpMethod> methods, Handler<RoutingContext> handler) {
    var allowed =
        methods.stream()
            .map(HttpMethod::name)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(", "));
    router
        .route(path)
        .handler(
            context -> {
              if (methods.contains(context.request().method())) {
                handler.handle(context);
              } else {
                context.response().putHeader("Allow", allowed);
                Responses.error(context, 405, "this path takes " + allowed);
              }
            });
  }

  private void statusPage(RoutingContext context) {
    sources
        .cluster()
        .ifPresentOrElse(cluster -> clusterPage(context, cluster), () -> ownPage(context));
  }

  private void clusterPage(RoutingContext context, ClusterEndpoints cluster) {
    cluster
        .statusPage(context.vertx(), sources.about())
        .onSuccess(page -> html(context, page))
        .onFailure(context::fail);
  }

  private void ownPage(RoutingContext context) {
    var history = sources.history();
    var page =
        StatusPage.of(
            sources.about(),
            TargetsVerdict.of(sources.tasks().get(), history, sources.clock().instant()),
            history.newest(History::isFailure, MOST_SHOWN),
            history.newest(seen -> true, MOST_SHOWN),
            sources.clock().instant());
    html(context, page.html());
  }

  /** Whoever keeps or passes on a page takes the address that it is reached at (RFC 6596). */
  private void html(RoutingContext context, String page) {
    sources
        .about()
        .url()
        .ifPresent(url -> context.response().putHeader("Link", "<" + url + ">; rel=\"canonical\""));
    Responses.send(context, 200, "text/html; charset=utf-8", Buffer.buffer(page));
  }

  private static String policy(EndpointDependencies sources) {
    return sources
        .cluster()
        .map(ClusterEndpoints::contentSecurityPolicy)
        .orElse(StatusPage.ASSETS.contentSecurityPolicy());
  }

  private static Handler<RoutingContext> secured(String policy, Map<String, String> others) {
    return context -> {
      secure(context.response(), policy);
      others.forEach((name, value) -> context.response().putHeader(name, value));
      context.next();
    };
  }

  private static void secure(HttpServerResponse response, String policy) {
    response
        .putHeader("Content-Security-Policy", policy)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-store");
  }

  /** Once for all, for a bad escape in the path or the query shows only when it is read. */
  private static void readParameters(RoutingContext context) {
    try {
      context.normalizedPath();
      context.request().params();
    } catch (IllegalArgumentException e) {
      Responses.text(context, 400, reason(400) + "\n");
      return;
    }
    context.next();
  }

  private static Handler<RoutingContext> whileReading(boolean is) {
    return context -> {
      context.put(READING, is);
      context.next();
    };
  }

  private static void failed(RoutingContext context) {
    var thrown = context.failure();
    if (thrown != null && Boolean.TRUE.equals(context.<Boolean>get(READING))) {
      Responses.error(context, 400, reason(400));
      return;
    }
    if (thrown == null || (context.statusCode() >= 400 && context.statusCode() < 500)) {
      Responses.error(context, context.statusCode(), reason(context.statusCode()));
      return;
    }
    LOG.atError().setCause(thrown).addKeyValue("path", context.request().path()).log("no answer");
    Responses.error(context, 500, "this failed inside; the log has the reason");
  }

  private static String reason(int status) {
    return switch (status) {
      case 413 -> "the body is longer than " + LONGEST_BODY + " bytes";
      case 400 -> "the request cannot be understood";
      default -> "refused with status " + status;
    };
  }
}
