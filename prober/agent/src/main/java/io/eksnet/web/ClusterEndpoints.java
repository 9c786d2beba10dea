package io.eksnet.web;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** The endpoints that only a controller has. Used on the event loop of the server. */
public interface ClusterEndpoints {
  /** The Content-Security-Policy of the status page. */
  String contentSecurityPolicy();

  /** Renders the status page off the event loop. */
  Future<String> statusPage(Vertx vertx, About about);

  /**
   * The recent runs that agents reported, newest first ({@code agents}), and where they come from;
   * collected off the event loop.
   *
   * @param filter called on another thread
   */
  Future<JsonObject> observations(Vertx vertx, Filter filter, int limit);

  /** The endpoints of the cluster on one server. */
  Session open(Vertx vertx, About about, ConnectionLimiter connections, InstantSource clock);

  /** The values that a request asks for, by parameter. */
  @FunctionalInterface
  interface Filter {
    boolean matches(String parameter, String value);
  }

  /**
   * One path.
   *
   * @param requiresAuth whether it admits only peers, authenticated users and this host
   */
  record Endpoint(
      String path, Set<HttpMethod> methods, boolean requiresAuth, Handler<RoutingContext> handler) {
    public Endpoint {
      methods = Set.copyOf(methods);
    }
  }

  /** The endpoints of one server. */
  interface Session extends AutoCloseable {
    List<Endpoint> endpoints();

    /** Ends open streams. */
    @Override
    void close();
  }
}
