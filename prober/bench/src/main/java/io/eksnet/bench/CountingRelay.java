package io.eksnet.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** Stands between a client and a server, and counts the bytes that go either way. */
final class CountingRelay implements AutoCloseable {
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final NetClient client = vertx.createNetClient();
  private final IntSupplier to;
  private final int port;
  private final LongAdder bytes = new LongAdder();
  private final LongAdder connections = new LongAdder();

  /**
   * @param host where it listens
   * @param to the port of 127.0.0.1 that it leads to
   */
  CountingRelay(String host, IntSupplier to) {
    this.to = to;
    port =
        Waiting.on(vertx.createNetServer().connectHandler(this::join).listen(0, host)).actualPort();
  }

  int port() {
    return port;
  }

  /** What TCP carried for HTTP, its own headers not among it. */
  long bytes() {
    return bytes.sum();
  }

  long connections() {
    return connections.sum();
  }

  private void join(NetSocket from) {
    connections.increment();
    from.pause();
    client
        .connect(to.getAsInt(), "127.0.0.1")
        .onFailure(e -> from.close())
        .onSuccess(
            server -> {
              carry(from, server);
              carry(server, from);
              from.resume();
            });
  }

  private void carry(NetSocket from, NetSocket to) {
    from.handler(
        (Buffer data) -> {
          bytes.add(data.length());
          to.write(data).onFailure(gone -> {});
        });
    from.exceptionHandler(gone -> {});
    from.closeHandler(closed -> to.close());
  }

  @Override
  public void close() {
    Waiting.on(vertx.close());
  }
}
