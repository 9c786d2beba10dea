package io.eksnet.lab.kube;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The open watches of clients. */
final class WatchConnections {
  /** The message of the API server for an old resource version. */
  static final String EXPIRED = "too old resource version: 1 (2)";

  private static final int NORMAL = 1000;

  /** kube-apiserver keeps these out of the watch cache, which is what sends bookmarks. */
  private static final String WITHOUT_BOOKMARKS = "events";

  private final Map<WebSocket, String> open = new ConcurrentHashMap<>();
  private final Set<WebSocket> frozen = ConcurrentHashMap.newKeySet();

  /** The number of open watches. */
  int count() {
    return open.size();
  }

  /** Closes the watches of a resource, or all with {@code *}. */
  void close(String plural) {
    open.forEach(
        (socket, watched) -> {
          if (plural.equals("*") || plural.equals(watched)) {
            socket.close(NORMAL, "");
          }
        });
  }

  /** Sends nothing more over the open watches of a resource, or over all with {@code *}. */
  void freeze(String plural) {
    open.forEach(
        (socket, watched) -> {
          if (plural.equals("*") || plural.equals(watched)) {
            frozen.add(socket);
          }
        });
  }

  /**
   * Sends each open watch a bookmark, as the API server does each minute for all kinds but events.
   *
   * @param object the object of a bookmark for a resource
   */
  void sendBookmarks(Function<String, String> object) {
    open.forEach(
        (socket, watched) -> {
          if (!watched.equals(WITHOUT_BOOKMARKS)) {
            socket.send("{\"type\":\"BOOKMARK\",\"object\":" + object.apply(watched) + "}");
          }
        });
  }

  /** Ends a watch after the time that its request allows. */
  void onTimeout(WebSocket socket) {
    if (!isFrozen(socket)) {
      socket.close(NORMAL, "");
    }
  }

  /** Whether nothing is sent over a watch any more. */
  boolean isFrozen(WebSocket socket) {
    return frozen.contains(socket);
  }

  /** A watch that stays open and carries nothing. */
  WebSocketListener deaf(String plural) {
    return new WebSocketListener() {
      @Override
      public void onOpen(WebSocket socket, Response response) {
        frozen.add(socket);
        open.put(socket, plural);
      }

      @Override
      public void onClosed(WebSocket socket, int code, String reason) {
        forget(socket);
      }
    };
  }

  private void forget(WebSocket socket) {
    open.remove(socket);
    frozen.remove(socket);
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
        forget(socket);
        listener.onClosed(socket, code, reason);
      }
    };
  }
}
