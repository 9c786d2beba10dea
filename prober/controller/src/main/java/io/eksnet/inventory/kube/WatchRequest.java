package io.eksnet.inventory.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * One watch over a WebSocket. Nothing is reported after it was closed. Confined to one thread, on
 * which the listener is called.
 */
final class WatchRequest implements WebSocket.Listener, AutoCloseable {
  private static final int NORMAL_CLOSURE = 1000;

  private final Executor thread;
  private final Listener listener;
  private final CompletableFuture<WebSocket> socket;
  private volatile boolean closed;

  interface Listener {
    /** The API server has accepted the watch. */
    void onOpen();

    /** A watch event as JSON. */
    void onEvent(String json);

    /** The watch has ended; empty: the API server closed it without an error. */
    void onEnd(Optional<Throwable> error);
  }

  /**
   * @param connect opens the WebSocket
   */
  WatchRequest(
      Executor thread,
      Listener listener,
      Function<WebSocket.Listener, CompletableFuture<WebSocket>> connect) {
    this.thread = thread;
    this.listener = listener;
    socket = connect.apply(this);
    var unused =
        socket.whenComplete(
            (opened, error) -> {
              if (error != null) {
                end(Optional.of(error));
              }
            });
  }

  @Override
  public void onOpen(WebSocket opened) {
    report(listener::onOpen);
  }

  @Override
  public void onMessage(WebSocket from, String text) {
    report(
        () -> {
          listener.onEvent(text);
          from.request();
        });
  }

  @Override
  public void onMessage(WebSocket from, ByteBuffer bytes) {
    onMessage(from, UTF_8.decode(bytes).toString());
  }

  @Override
  public void onClose(WebSocket from, int code, String reason) {
    end(
        code == NORMAL_CLOSURE
            ? Optional.empty()
            : Optional.of(new IllegalStateException("the watch was closed with code " + code)));
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    end(Optional.of(error));
  }

  private void end(Optional<Throwable> error) {
    report(
        () -> {
          closed = true;
          listener.onEnd(error);
        });
  }

  private void report(Runnable event) {
    try {
      thread.execute(
          () -> {
            if (!closed) {
              event.run();
            }
          });
    } catch (RejectedExecutionException e) {
      close(); // the thread was shut down
    }
  }

  @Override
  public void close() {
    closed = true;
    var unused = socket.thenAccept(opened -> opened.sendClose(NORMAL_CLOSURE, ""));
  }
}
