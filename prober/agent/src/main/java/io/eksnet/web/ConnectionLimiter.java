package io.eksnet.web;

import io.eksnet.model.AddressLiteral;
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
 * Limits the open connections in number and in time, so that slow clients cannot keep others out.
 * Used on the event loop of the server only.
 */
public final class ConnectionLimiter {
  public static final int MAX_AGENT_CONNECTIONS = 256;

  /** 5,000 agents poll every 10 s; after a pause of the server their requests arrive together. */
  public static final int MAX_CONTROLLER_CONNECTIONS = 2_560;

  public static final int MAX_CONNECTIONS_PER_HOST = 64;

  private static final Logger log = LoggerFactory.getLogger(ConnectionLimiter.class);

  private final Vertx vertx;
  private final int maxConnections;
  private final Timeouts timeouts;
  private final Map<HttpConnection, Tracked> connections = new HashMap<>();
  private final Map<String, Integer> countByHost = new HashMap<>();

  /**
   * How long a connection may stay in each state before it is closed.
   *
   * @param head until the first request head is complete
   * @param body until a request body is complete
   * @param response until a response is written; a probe run on demand may take a minute
   * @param idle until the head of the next request is complete
   */
  public record Timeouts(Duration head, Duration body, Duration response, Duration idle) {
    static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(90));
  }

  public ConnectionLimiter(Vertx vertx, int maxConnections, Timeouts timeouts) {
    this.vertx = vertx;
    this.maxConnections = maxConnections;
    this.timeouts = timeouts;
  }

  /** Tracks a new connection, or closes it if there are too many. */
  public void onConnect(HttpConnection connection) {
    var host = connection.remoteAddress().hostAddress();
    if (!acquire(host)) {
      close(connection);
      return;
    }
    var tracked = new Tracked(connection);
    connections.put(connection, tracked);
    tracked.closeAfter(timeouts.head());
    connection.closeHandler(
        closed -> {
          connections.remove(connection);
          tracked.cancelTimeout();
          release(host);
        });
  }

  /** The first handler of a request: its head is complete. */
  void onRequestHead(RoutingContext context) {
    var tracked = connections.get(context.request().connection());
    if (tracked != null) {
      tracked.beginRequest();
      context.addEndHandler(ended -> tracked.endRequest());
    }
    context.next();
  }

  /** A handler behind the one that reads the body. */
  void onRequestBody(RoutingContext context) {
    var tracked = connections.get(context.request().connection());
    if (tracked != null) {
      tracked.closeAfter(timeouts.response());
    }
    context.next();
  }

  /** Lets the response to this request take any time. */
  public void allowUnlimitedResponse(RoutingContext context) {
    var tracked = connections.get(context.request().connection());
    if (tracked != null) {
      tracked.cancelTimeout();
    }
  }

  /** Counts a connection of a host; false if it has too many, or all hosts together. */
  public boolean acquire(String host) {
    var ofHost = countByHost.getOrDefault(host, 0);
    var ofAll = countByHost.values().stream().mapToInt(Integer::intValue).sum();
    if (ofAll >= maxConnections
        || (ofHost >= MAX_CONNECTIONS_PER_HOST && !AddressLiteral.isLoopback(host))) {
      return false;
    }
    countByHost.put(host, ofHost + 1);
    return true;
  }

  public void release(String host) {
    countByHost.computeIfPresent(host, (name, count) -> count == 1 ? null : count - 1);
  }

  /**
   * {@link HttpConnection#close} waits until pending data is written, which a client that does not
   * read prevents; the public API has no other way to close.
   */
  private static void close(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      server.channelHandlerContext().close();
    } else {
      connection.close().onFailure(e -> log.debug("connection not closed", e));
    }
  }

  /** A connection and its timeout; an HTTP/2 connection has several requests at a time. */
  private final class Tracked {
    private final HttpConnection connection;
    private int requests;
    private long timer = -1;

    Tracked(HttpConnection connection) {
      this.connection = connection;
    }

    void beginRequest() {
      requests++;
      closeAfter(timeouts.body());
    }

    void endRequest() {
      requests--;
      if (requests == 0 && connections.containsKey(connection)) {
        closeAfter(timeouts.idle());
      }
    }

    void closeAfter(Duration timeout) {
      cancelTimeout();
      timer = vertx.setTimer(timeout.toMillis(), id -> close(connection));
    }

    void cancelTimeout() {
      vertx.cancelTimer(timer);
    }
  }
}
