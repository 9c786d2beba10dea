package io.eksnet.lab.kube;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** The watches that clients hold open, and scissors for them. */
final class Watches {
  /** What the API server says of a resource version that it does not remember. */
  static final String EXPIRED = "too old resource version: 1 (2)";

  private static final int NORMAL = 1000;
  private static final int GOING_AWAY = 1001;

  private final Map<WebSocket, String> open = new ConcurrentHashMap<>();

  /** How many are open. */
  int count() {
    return open.size();
  }

  /** Closes all watches of a resource, or of all when it is {@code *}. */
  void cut(String plural) {
    open.forEach(
        (socket, watched) -> {
          if (plural.equals("*") || plural.equals(watched)) {
            socket.close(GOING_AWAY, "cut");
          }
        });
  }

  /** A watch that opens and says at once that it cannot go on: the client must list again. */
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
   * The same listener, seen. The parent drops what happens between the request and the opening:
   * {@code stale} tells whether a deletion was among it.
   */
  WebSocketListener following(String plural, WebSocketListener listener, BooleanSupplier stale) {
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
