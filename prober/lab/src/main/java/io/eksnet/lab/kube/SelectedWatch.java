package io.eksnet.lab.kube;

import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A watch of the objects that a selector matches. An object that begins to match is added, and one
 * that no longer matches is deleted, as by the API server.
 */
final class SelectedWatch extends WebSocketListener {
  private final WebSocketListener all;
  private final FieldSelector selector;

  /**
   * @param all sends the events of all objects
   */
  SelectedWatch(WebSocketListener all, FieldSelector selector) {
    this.all = all;
    this.selector = selector;
  }

  @Override
  public void onOpen(WebSocket socket, Response response) {
    all.onOpen(new SelectedSocket(socket, selector, ConcurrentHashMap.newKeySet()), response);
  }

  @Override
  public void onClosed(WebSocket socket, int code, String reason) {
    all.onClosed(socket, code, reason);
  }

  /**
   * @param sent the objects of which the client knows
   */
  private record SelectedSocket(WebSocket socket, FieldSelector selector, Set<String> sent)
      implements WebSocket {
    @Override
    public RecordedRequest request() {
      return socket.request();
    }

    @Override
    public boolean send(String event) {
      return select(new JsonObject(event)).map(JsonObject::encode).map(socket::send).orElse(true);
    }

    private Optional<JsonObject> select(JsonObject event) {
      var object = event.getJsonObject("object");
      var meta = object.getJsonObject("metadata");
      var key = meta.getString("namespace") + "/" + meta.getString("name");
      if (event.getString("type").equals("DELETED")) {
        return sent.remove(key) || selector.matches(object) ? Optional.of(event) : Optional.empty();
      }
      if (selector.matches(object)) {
        return Optional.of(event.put("type", sent.add(key) ? "ADDED" : "MODIFIED"));
      }
      return sent.remove(key) ? Optional.of(event.put("type", "DELETED")) : Optional.empty();
    }

    @Override
    public boolean send(byte[] bytes) {
      return socket.send(bytes);
    }

    @Override
    public boolean close(int code, String reason) {
      return socket.close(code, reason);
    }
  }
}
