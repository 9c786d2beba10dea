package io.eksnet.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.metrics.ExpositionFormat;
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

/** Maps paths to handlers, behind limits, security headers and authentication. */
final class WebRoutes {
  private static final Logger log = LoggerFactory.getLogger(WebRoutes.class);
  private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Set<HttpMethod> WRITE = Set.of(HttpMethod.POST, HttpMethod.PUT);
  private static final List<String> CONTROLLER_PATHS =
      List.of(
          "/api/v1/plan",
          "/api/v1/inventory",
          "/api/v1/evidence",
          "/api/v1/findings",
          "/api/v1/incidents",
          "/api/v1/changes",
          "/incidents");

  private static final long MAX_BODY_BYTES = 16_384;

  /** Set while the body is read: failures then are the client's. */
  private static final String READING_BODY = "eksnet.reading-body";

  private static final String HTML = "text/html; charset=utf-8";
  private static final int MAX_ROWS = 50;

  private final EndpointDependencies dependencies;
  private final Router router;
  private final SharedPages pages;
  private final PeerAuthHandler peerAuth;

  private WebRoutes(
      EndpointDependencies dependencies,
      Router router,
      SharedPages pages,
      PeerAuthHandler peerAuth) {
    this.dependencies = dependencies;
    this.router = router;
    this.pages = pages;
    this.peerAuth = peerAuth;
  }

  static Router of(
      Vertx vertx,
      EndpointDependencies dependencies,
      boolean lifecycle,
      Map<String, String> headers,
      ConnectionLimiter connections,
      BasicAuthHandler auth,
      SharedPages pages,
      Optional<ClusterEndpoints.Session> cluster) {
    var peerAuth = new PeerAuthHandler(dependencies.token(), auth, dependencies.trustLoopback());
    var router = Router.router(vertx);
    router
        .route()
        .handler(connections::onRequestHead)
        .handler(securityHeaders(policy(dependencies), headers))
        .handler(WebRoutes::readParameters)
        .handler(peerAuth)
        .handler(readingBody(true));
    router
        .route()
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(readingBody(false))
        .handler(connections::onRequestBody);
    new WebRoutes(dependencies, router, pages, peerAuth).add(lifecycle, cluster);
    router.route().handler(context -> Responses.error(context, 404, "unknown path; see /"));
    router.route().failureHandler(WebRoutes::failed);
    return router;
  }

  private void add(boolean lifecycleEnabled, Optional<ClusterEndpoints.Session> cluster) {
    var lifecycle = new Lifecycle(dependencies, lifecycleEnabled);
    var api = new Api(dependencies);
    on("/", READ, this::statusPage);
    on("/metrics", READ, this::metrics);
    on("/config", READ, this::config);
    on("/probe", READ, new ProbeNow(dependencies)::handle);
    on("/api/v1/targets", READ, api::targets);
    on("/api/v1/observations", READ, peerAuth.requiringAuth(api::observations));
    cluster.ifPresentOrElse(
        session -> session.endpoints().forEach(this::add), this::pointToController);
    on("/-/healthy", READ, lifecycle::healthy);
    on("/-/ready", READ, lifecycle::ready);
    on("/-/reload", WRITE, lifecycle::reload);
  }

  private void add(ClusterEndpoints.Endpoint endpoint) {
    on(
        endpoint.path(),
        endpoint.methods(),
        endpoint.requiresAuth() ? peerAuth.requiringAuth(endpoint.handler()) : endpoint.handler());
  }

  private void pointToController() {
    CONTROLLER_PATHS.forEach(
        path ->
            on(
                path,
                READ,
                context -> Responses.error(context, 404, "only a controller serves this path")));
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
                Responses.error(context, 405, "method not allowed; use " + allowed);
              }
            });
  }

  private void statusPage(RoutingContext context) {
    dependencies
        .cluster()
        .ifPresentOrElse(cluster -> clusterPage(context, cluster), () -> agentPage(context));
  }

  private void clusterPage(RoutingContext context, ClusterEndpoints cluster) {
    cluster
        .statusPage(context.vertx(), dependencies.about())
        .onSuccess(
            page -> {
              addCanonicalLink(context);
              Responses.send(context, 200, HTML, Buffer.buffer(page));
            })
        .onFailure(context::fail);
  }

  /** Scrapers that prefer the same format share a page. */
  private void metrics(RoutingContext context) {
    var format = ExpositionFormat.accepted(context.request().getHeader("Accept"));
    pages.send(context, format, out -> dependencies.metrics().write(format.contentType(), out));
  }

  private void config(RoutingContext context) {
    pages.send(
        context,
        "/config",
        out -> {
          out.write(dependencies.config().get().getBytes(UTF_8));
          return "text/plain; charset=utf-8";
        });
  }

  private void agentPage(RoutingContext context) {
    addCanonicalLink(context);
    pages.send(
        context,
        "/",
        out -> {
          out.write(renderAgentPage().getBytes(UTF_8));
          return HTML;
        });
  }

  private String renderAgentPage() {
    var history = dependencies.history();
    var now = dependencies.clock().instant();
    return StatusPage.of(
            dependencies.about(),
            TargetsVerdict.of(dependencies.tasks().get(), history, now),
            history.newest(History::isFailure, MAX_ROWS),
            history.newest(observation -> true, MAX_ROWS),
            now)
        .html();
  }

  /** The canonical link (RFC 6596) is the URL that users reach the page at. */
  private void addCanonicalLink(RoutingContext context) {
    dependencies
        .about()
        .url()
        .ifPresent(url -> context.response().putHeader("Link", "<" + url + ">; rel=\"canonical\""));
  }

  private static String policy(EndpointDependencies dependencies) {
    return dependencies
        .cluster()
        .map(ClusterEndpoints::contentSecurityPolicy)
        .orElse(StatusPage.ASSETS.contentSecurityPolicy());
  }

  private static Handler<RoutingContext> securityHeaders(
      String policy, Map<String, String> others) {
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

  /** Invalid escapes in path or query fail only when they are read. */
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

  private static Handler<RoutingContext> readingBody(boolean is) {
    return context -> {
      context.put(READING_BODY, is);
      context.next();
    };
  }

  private static void failed(RoutingContext context) {
    var thrown = context.failure();
    if (thrown != null && Boolean.TRUE.equals(context.<Boolean>get(READING_BODY))) {
      Responses.error(context, 400, reason(400));
      return;
    }
    if (thrown == null || (context.statusCode() >= 400 && context.statusCode() < 500)) {
      Responses.error(context, context.statusCode(), reason(context.statusCode()));
      return;
    }
    log.atError()
        .setCause(thrown)
        .addKeyValue("path", context.request().path())
        .log("request failed");
    Responses.error(context, 500, "internal error; see the log");
  }

  private static String reason(int status) {
    return switch (status) {
      case 413 -> "request body exceeds " + MAX_BODY_BYTES + " bytes";
      case 400 -> "malformed request";
      default -> "status " + status;
    };
  }
}
