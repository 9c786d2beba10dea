package io.eksnet.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Somebody who is paged: a webhook on loopback that wants the token of a file. */
public final class Pager implements AutoCloseable {
  private static final int LARGEST = 1 << 20;

  private final HttpServer server;
  private final ExecutorService thread;
  private final Path token;
  private final byte[] expected;
  private final Consumer<Page> sink;

  private Pager(HttpServer server, Path token, byte[] expected, Consumer<Page> sink) {
    this.server = server;
    this.token = token;
    this.expected = expected;
    this.sink = sink;
    this.thread = Executors.newSingleThreadExecutor(Pager::daemon);
  }

  /** On a free port; writes its token into {@code work}. */
  public static Pager start(Path work, Consumer<Page> sink) throws IOException {
    var secret = UUID.randomUUID().toString();
    var token = Files.writeString(work.resolve("pager-token"), secret);
    var address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    var pager =
        new Pager(
            HttpServer.create(address, 16), token, ("Bearer " + secret).getBytes(UTF_8), sink);
    pager.server.setExecutor(pager.thread);
    pager.server.createContext("/", pager::hear);
    pager.server.start();
    return pager;
  }

  /** Where messages are posted to. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** The file with the token. */
  Path token() {
    return token;
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }

  private void hear(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(heard(exchange), -1);
    }
  }

  private int heard(HttpExchange exchange) throws IOException {
    var said = exchange.getRequestHeaders().getFirst("Authorization");
    if (said == null || !MessageDigest.isEqual(said.getBytes(UTF_8), expected)) {
      return 401;
    }
    var body = exchange.getRequestBody().readNBytes(LARGEST);
    try {
      sink.accept(Page.of(new String(body, UTF_8)));
      return 200;
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      return 400;
    } catch (UncheckedIOException e) {
      return 500;
    }
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "demo-pager");
    thread.setDaemon(true);
    return thread;
  }
}
