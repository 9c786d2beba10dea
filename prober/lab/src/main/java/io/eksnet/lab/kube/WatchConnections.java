package io.eksnet.lab.kube;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** The open watches of clients. */
final class WatchConnections {
  /** The message of the API server for an old resource version. */
  static final String EXPIRED = "too old resource version: 1 (2)";

  private static final int NORMAL = 1000;
  private static final int GOING_AWAY = 1001;

  private final Map<WebSocket, String> open = new ConcurrentHashMap<>();

  /** The number of open watches. */
  int count() {
    return open.size();
  }

  /** Closes the watches of a resource, or all with {@code *}. */
  void close(String plural) {
    open.forEach(
        (socket, watched) -> {
          if (plural.equals("*") || plural.equals(watched)) {
            socket.close(GOING_AWAY, "closed by the lab");
          }
        });
  }

  /** A watch that expires at once, so that the client must list again. */
  static WebSocketListener expired() {
    return new WebSocketListener() {
      @Override
      public void onOpen(WebSocket socket, Response response) {
        expire(socket);
      }
    };
  }

  private static void expire(WebSocket socket) {
    socket.send(
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\","
            + "\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410,\"message\":\""
            + EXPIRED
            + "\"}}");
    socket.close(NORMAL, "");
  }

  /**
   * Wraps a listener so that its watch is counted and can be closed. The parent drops events
   * between the request and the opening; {@code stale} is true if they included a deletion.
   */
  WebSocketListener track(String plural, WebSocketListener listener, BooleanSupplier stale) {
    return new WebSocketListener() {
      @Override
      public void onOpen(WebSocket socket, Response response) {
        open.put(socket, plural);
        listener.onOpen(socket, response);
        if (stale.getAsBoolean()) {
          expire(socket);
        }
      }

      @Override
      public void onClosed(WebSocket socket, int code, String reason) {
        open.remove(socket);
        listener.onClosed(socket, code, reason);
      }
    };
  }
}
