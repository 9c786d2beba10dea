package io.eksnet.web;

import io.eksnet.model.AddressLiteral;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that are open: so many in all, so many of one other host, and none that takes its
 * time: whoever sends a request or takes an answer byte by byte must not keep others out. Lives on
 * the event loop of the server.
 */
public final class ConnectionLimiter {
  public static final int MOST = 256;

  /** 5,000 agents that ask every 10 s, while the server stood still for as long as they wait. */
  public static final int MOST_OF_CONTROLLER = 2_560;

  public static final int MOST_OF_A_HOST = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimiter.class);

  private final Vertx vertx;
  private final int most;
  private final Patience patience;
  private final Map<HttpConnection, Visit> visits = new HashMap<>();
  private final Map<String, Integer> byHost = new HashMap<>();

  /**
   * How long a connection is waited for.
   *
   * @param head for its first request, to the end of the head
   * @param body for the body of a request
   * @param answer for an answer to be made and taken; a probe that is run now may take a minute
   * @param between for the head of its next request
   */
  public record Patience(Duration head, Duration body, Duration answer, Duration between) {
    static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(90));
  }

  /**
   * @param most connections in all
   */
  public ConnectionLimiter(Vertx vertx, int most, Patience patience) {
    this.vertx = vertx;
    this.most = most;
    this.patience = patience;
  }

  /** Lets a connection in, or closes it. */
  public void opened(HttpConnection connection) {
    var host = connection.remoteAddress().hostAddress();
    if (!enter(host)) {
      close(connection);
      return;
    }
    var visit = new Visit(connection);
    visits.put(connection, visit);
    visit.await(patience.head());
    connection.closeHandler(
        closed -> {
          visits.remove(connection);
          visit.rest();
          leave(host);
        });
  }

  /** Before the body of a request is read. */
  public Handler<RoutingContext> arriving() {
    return context -> {
      var visit = visits.get(context.request().connection());
      if (visit != null) {
        visit.requests++;
        visit.await(patience.body());
        context.addEndHandler(answered -> visit.answered());
      }
      context.next();
    };
  }

  /** Behind it. */
  public Handler<RoutingContext> arrived() {
    return context -> {
      await(context, patience.answer());
      context.next();
    };
  }

  /** Stays as long as it likes. */
  public void settle(RoutingContext context) {
    var visit = visits.get(context.request().connection());
    if (visit != null) {
      visit.rest();
    }
  }

  /** Whether one more of this host, an address, is let in; it is counted then. */
  public boolean enter(String host) {
    var there = byHost.getOrDefault(host, 0);
    var all = byHost.values().stream().mapToInt(Integer::intValue).sum();
    if (all >= most || (there >= MOST_OF_A_HOST && !AddressLiteral.isLoopback(host))) {
      return false;
    }
    byHost.put(host, there + 1);
    return true;
  }

  public void leave(String host) {
    byHost.computeIfPresent(host, (name, count) -> count == 1 ? null : count - 1);
  }

  private void await(RoutingContext context, Duration wait) {
    var visit = visits.get(context.request().connection());
    if (visit != null) {
      visit.await(wait);
    }
  }

  /** Not by its own close, which waits until what was written is taken. */
  private static void close(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      server.channelHandlerContext().close();
    } else {
      connection.close().onFailure(e -> LOG.debug("closing a connection", e));
    }
  }

  /** A connection, and how long it is waited for; over HTTP/2 it has several requests at a time. */
  private final class Visit {
    private final HttpConnection connection;
    private int requests;
    private long timer = -1;

    Visit(HttpConnection connection) {
      this.connection = connection;
    }

    void await(Duration wait) {
      rest();
      timer = vertx.setTimer(wait.toMillis(), id -> close(connection));
    }

    void rest() {
      vertx.cancelTimer(timer);
    }

    void answered() {
      requests--;
      if (requests == 0 && visits.containsKey(connection)) {
        await(patience.between());
      }
    }
  }
}
