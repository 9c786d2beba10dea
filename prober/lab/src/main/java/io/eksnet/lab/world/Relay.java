package io.eksnet.lab.world;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster IP: hands connections to the endpoints in turn, as kube-proxy has the kernel do. */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails is closed.
final class Relay {
  private final NetClient client;
  private final NetServer server;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<SocketAddress> endpoints = List.of();

  private Relay(Vertx vertx, NetClient client) {
    this.client = client;
    this.server = vertx.createNetServer().connectHandler(this::serve);
  }

  static Relay open(Vertx vertx, NetClient client, String address, int port) {
    var relay = new Relay(vertx, client);
    relay.server.listen(port, address).await();
    return relay;
  }

  /** Hands new connections to these from now on. */
  void to(List<SocketAddress> next) {
    endpoints = List.copyOf(next);
  }

  void close() {
    server.close().await();
  }

  private void serve(NetSocket from) {
    var now = endpoints;
    if (now.isEmpty()) {
      from.close();
      return;
    }
    from.pause();
    client
        .connect(now.get(Math.floorMod(turn.getAndIncrement(), now.size())))
        .onFailure(cause -> from.close())
        .onSuccess(
            to -> {
              from.pipeTo(to).onFailure(cause -> to.close());
              to.pipeTo(from).onFailure(cause -> from.close());
            });
  }
}
