package io.eksnet.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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

/** A webhook on loopback that requires a bearer token and receives alert notifications. */
public final class WebhookReceiver implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final HttpServer server;
  private final ExecutorService thread;
  private final Path token;
  private final byte[] expected;
  private final Consumer<AlertNotification> sink;

  private WebhookReceiver(
      HttpServer server, Path token, byte[] expected, Consumer<AlertNotification> sink) {
    this.server = server;
    this.token = token;
    this.expected = expected;
    this.sink = sink;
    this.thread = Executors.newSingleThreadExecutor(WebhookReceiver::daemon);
  }

  /** Starts a receiver on a free port; writes its token into {@code work}. */
  public static WebhookReceiver start(Path work, Consumer<AlertNotification> sink)
      throws IOException {
    var secret = UUID.randomUUID().toString();
    var token = Files.writeString(work.resolve("webhook-token"), secret);
    var address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    var receiver =
        new WebhookReceiver(
            HttpServer.create(address, 16), token, ("Bearer " + secret).getBytes(UTF_8), sink);
    receiver.server.setExecutor(receiver.thread);
    receiver.server.createContext("/", receiver::serve);
    receiver.server.start();
    return receiver;
  }

  /** The URL for POST requests. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** The file that contains the token. */
  Path token() {
    return token;
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(handle(exchange), -1);
    }
  }

  private int handle(HttpExchange exchange) throws IOException {
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null || !MessageDigest.isEqual(authorization.getBytes(UTF_8), expected)) {
      return 401;
    }
    var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
    try {
      sink.accept(AlertNotification.parse(new String(body, UTF_8)));
      return 200;
    } catch (JsonProcessingException e) {
      return 400;
    } catch (UncheckedIOException e) {
      return 500;
    }
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "demo-webhook");
    thread.setDaemon(true);
    return thread;
  }
}
