package io.eksnet.soak;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The Service in front of the controllers: each connection goes to the next of them. */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails is closed.
final class ServiceAddress implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final AtomicInteger turn = new AtomicInteger();
  private final List<SocketAddress> endpoints;
  private final int port;

  ServiceAddress(List<String> endpoints) {
    this.endpoints =
        endpoints.stream()
            .map(one -> one.split(":", 2))
            .map(one -> SocketAddress.inetSocketAddress(Integer.parseInt(one[1]), one[0]))
            .toList();
    port =
        vertx
            .createNetServer()
            .connectHandler(this::serve)
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
  }

  int port() {
    return port;
  }

  private void serve(NetSocket from) {
    from.pause();
    client
        .connect(endpoints.get(turn.getAndIncrement() % endpoints.size()))
        .onFailure(cause -> from.close())
        .onSuccess(
            to -> {
              from.pipeTo(to).onFailure(cause -> to.close());
              to.pipeTo(from).onFailure(cause -> from.close());
            });
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
