package io.eksnet.web;

import io.eksnet.model.AddressLiteral;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the open connections in number and in time, so that no client can keep others out. A
 * connection is counted when it is accepted, before any TLS or HTTP work, and closed at once if
 * there are too many of its host or in all. A few places are kept for health checks.
 */
public final class ConnectionLimiter {
  public static final int MAX_AGENT_CONNECTIONS = 256;

  /** 5,000 agents poll every 10 s; after a pause of the server their requests arrive together. */
  public static final int MAX_CONTROLLER_CONNECTIONS = 2_560;

  public static final int MAX_CONNECTIONS_PER_HOST = 64;

  /** Beyond the limit of all connections, for requests to {@link #HEALTH_PATHS} only. */
  static final int HEALTH_CONNECTIONS = 32;

  static final int HEALTH_CONNECTIONS_PER_HOST = 8;

  /**
   * How many connections may wait for their TLS handshake, as a part of all. Beyond it, the one
   * that has waited longest is closed: it had its time, and idle ones cannot keep others out.
   */
  private static final int HANDSHAKE_FRACTION = 8;

  static final int MAX_HANDSHAKES_PER_HOST = 16;

  private static final Set<String> HEALTH_PATHS = Set.of("/-/healthy", "/-/ready");

  private static final Logger log = LoggerFactory.getLogger(ConnectionLimiter.class);
  private static final AttributeKey<Place> PLACE = AttributeKey.valueOf("eksnet.place");

  private final Vertx vertx;
  private final int maxConnections;
  private final int maxHandshakes;
  private final Timeouts timeouts;
  private final BodyMemory bodies = new BodyMemory();

  /** Of accepted connections; written on the acceptor's thread and the event loop. */
  private final Map<String, HostCount> hosts = new HashMap<>();

  private final Set<Place> handshakes = new LinkedHashSet<>();
  private int connections;
  private int healthConnections;

  /** Of the event loop. */
  private final Map<HttpConnection, Tracked> tracked = new HashMap<>();

  /**
   * How long a connection may stay in each state before it is closed.
   *
   * @param head until the first request head is complete
   * @param body until a request body is complete
   * @param response until a response is written; a probe run on demand may take a minute
   * @param idle until the head of the next request is complete
   * @param health until a connection on a place for health checks is closed
   */
  public record Timeouts(
      Duration head, Duration body, Duration response, Duration idle, Duration health) {
    static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(90),
            Duration.ofSeconds(3));
  }

  private static final class HostCount {
    private int connections;
    private int healthConnections;
    private int handshakes;

    boolean isZero() {
      return connections == 0 && healthConnections == 0 && handshakes == 0;
    }
  }

  /** The place of an accepted connection. */
  final class Place {
    private final String host;
    private final boolean health;
    private @Nullable Channel channel;
    private boolean released;

    private Place(String host, boolean health) {
      this.host = host;
      this.health = health;
    }

    /** Whether the connection may only request {@link #HEALTH_PATHS}. */
    boolean isHealthOnly() {
      return health;
    }

    /** The TLS handshake, if any, is complete. */
    void established() {
      synchronized (ConnectionLimiter.this) {
        if (handshakes.remove(this)) {
          count(host).handshakes--;
        }
      }
    }

    /** The connection is closed. */
    void release() {
      synchronized (ConnectionLimiter.this) {
        if (released) {
          return;
        }
        released = true;
        established();
        var ofHost = count(host);
        if (health) {
          healthConnections--;
          ofHost.healthConnections--;
        } else {
          connections--;
          ofHost.connections--;
        }
        if (ofHost.isZero()) {
          hosts.remove(host);
        }
      }
    }
  }

  /**
   * @param tls whether connections start with a handshake
   */
  public ConnectionLimiter(Vertx vertx, int maxConnections, boolean tls, Timeouts timeouts) {
    this.vertx = vertx;
    this.maxConnections = maxConnections;
    maxHandshakes = tls ? maxConnections / HANDSHAKE_FRACTION : 0;
    this.timeouts = timeouts;
  }

  /**
   * A place for a connection from {@code host}; empty if it has too many, or all hosts together.
   * This host has no limit of its own: a port-forward or a proxy delivers all its clients from
   * there.
   */
  synchronized Optional<Place> acquire(String host) {
    var ofHost = count(host);
    var isLocal = AddressLiteral.isLocalhost(host);
    var isRegular =
        connections < maxConnections && (isLocal || ofHost.connections < MAX_CONNECTIONS_PER_HOST);
    var isHealth =
        !isRegular
            && healthConnections < HEALTH_CONNECTIONS
            && ofHost.healthConnections < HEALTH_CONNECTIONS_PER_HOST;
    if ((!isRegular && !isHealth) || (!isLocal && ofHost.handshakes >= MAX_HANDSHAKES_PER_HOST)) {
      if (ofHost.isZero()) {
        hosts.remove(host);
      }
      return Optional.empty();
    }
    var place = new Place(host, isHealth);
    if (isHealth) {
      healthConnections++;
      ofHost.healthConnections++;
    } else {
      connections++;
      ofHost.connections++;
    }
    if (maxHandshakes > 0) {
      handshakes.add(place);
      ofHost.handshakes++;
      closeOldestHandshake();
    }
    return Optional.of(place);
  }

  private void closeOldestHandshake() {
    if (handshakes.size() > maxHandshakes) {
      var oldest = handshakes.iterator().next();
      oldest.established();
      if (oldest.channel != null) {
        oldest.channel.close();
      }
    }
  }

  private HostCount count(String host) {
    return hosts.computeIfAbsent(host, name -> new HostCount());
  }

  /** Counts the accepted sockets of a listening channel and closes those beyond the limits. */
  ChannelHandler acceptHandler() {
    return new AcceptHandler();
  }

  /** The memory of bodies that clients have not read yet. */
  BodyMemory bodies() {
    return bodies;
  }

  /** Tracks an accepted connection whose handshake is complete. */
  void onConnect(HttpConnection connection) {
    var channel = channel(connection);
    var place = channel.map(accepted -> accepted.attr(PLACE).get());
    place.ifPresent(Place::established);
    var state = new Tracked(connection, place.map(Place::isHealthOnly).orElse(false));
    tracked.put(connection, state);
    if (connection instanceof HttpServerConnection server
        && connection.protocolVersion() == HttpVersion.HTTP_2) {
      var http2 = server.channelHandlerContext();
      http2.pipeline().addBefore(http2.name(), "rate", new InboundRateLimiter());
    }
    state.closeAfter(state.healthOnly ? timeouts.health() : timeouts.head());
    connection.closeHandler(
        closed -> {
          tracked.remove(connection);
          state.cancelTimeout();
        });
  }

  /** The first handler of a request: its head is complete. */
  void onRequestHead(RoutingContext context) {
    BodyMemory.set(context, bodies);
    var state = tracked.get(context.request().connection());
    if (state != null) {
      state.beginRequest();
      context.addEndHandler(ended -> state.endRequest());
      if (state.healthOnly) {
        endAfterResponse(context);
        if (!HEALTH_PATHS.contains(context.request().path())) {
          context.response().putHeader("Retry-After", "10");
          Responses.error(context, 503, "too many connections; retry later");
          return;
        }
      }
    }
    context.next();
  }

  /** A handler behind the one that reads the body. */
  void onRequestBody(RoutingContext context) {
    var state = tracked.get(context.request().connection());
    if (state != null && !state.healthOnly) {
      state.closeAfter(timeouts.response());
    }
    context.next();
  }

  /** Lets the response to this request take any time. */
  public void allowUnlimitedResponse(RoutingContext context) {
    var state = tracked.get(context.request().connection());
    if (state != null) {
      state.cancelTimeout();
    }
  }

  private static void endAfterResponse(RoutingContext context) {
    if (context.request().version() != HttpVersion.HTTP_2) {
      context.response().putHeader("Connection", "close");
    }
    var connection = context.request().connection();
    context.addEndHandler(ended -> connection.close().onFailure(e -> close(connection)));
  }

  /**
   * {@link HttpConnection#close} waits until pending data is written, which a client that does not
   * read prevents; the public API has no other way to close.
   */
  static void close(HttpConnection connection) {
    channel(connection)
        .ifPresentOrElse(
            Channel::close,
            () ->
                connection
                    .close()
                    .onFailure(e -> log.atDebug().setCause(e).log("connection not closed")));
  }

  private static Optional<Channel> channel(HttpConnection connection) {
    return connection instanceof HttpServerConnection server
        ? Optional.of(server.channelHandlerContext().channel())
        : Optional.empty();
  }

  /** Handles the accepted sockets of a listening channel, on the acceptor's thread. */
  @Sharable
  private final class AcceptHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      var channel = (Channel) accepted;
      var host =
          channel.remoteAddress() instanceof InetSocketAddress remote
              ? remote.getAddress().getHostAddress()
              : "";
      var place = acquire(host);
      if (place.isEmpty()) {
        channel.unsafe().closeForcibly();
        return;
      }
      place.get().channel = channel;
      channel.attr(PLACE).set(place.get());
      channel.closeFuture().addListener(closed -> place.get().release());
      context.fireChannelRead(accepted);
    }
  }

  /** A connection and its timeout; an HTTP/2 connection has several requests at a time. */
  private final class Tracked {
    private final HttpConnection connection;
    private final boolean healthOnly;
    private int requests;
    private long timer = -1;

    Tracked(HttpConnection connection, boolean healthOnly) {
      this.connection = connection;
      this.healthOnly = healthOnly;
    }

    void beginRequest() {
      requests++;
      if (!healthOnly) {
        closeAfter(timeouts.body());
      }
    }

    void endRequest() {
      requests--;
      if (requests == 0 && !healthOnly && tracked.containsKey(connection)) {
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
