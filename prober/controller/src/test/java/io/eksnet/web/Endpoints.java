package io.eksnet.web;

import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.controller.web.ControllerEndpoints;
import io.eksnet.model.Observation;
import io.eksnet.model.Task;
import io.eksnet.model.diagnosis.HostReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A server with sources that a test can turn, and a client of it. */
public final class Endpoints implements AutoCloseable {
  public final History history = new History(20, 1_000);
  public final AtomicInteger pages = new AtomicInteger();
  public volatile Optional<String> trouble = Optional.empty();
  public volatile Optional<String> notReady = Optional.empty();
  public volatile Future<Optional<String>> reload = Future.succeededFuture(Optional.empty());
  public volatile List<Task> tasks = List.of();
  public volatile Function<Task, Future<Observation>> probe =
      task -> Future.succeededFuture(WebFixture.succeeded(task, 0));
  public volatile EndpointDependencies.MetricsWriter metrics =
      (accept, out) -> {
        out.write("# HELP up Up.\nup 1\n".getBytes(StandardCharsets.UTF_8));
        return "text/plain; version=0.0.4; charset=utf-8";
      };

  private final Vertx vertx = AcceptingTransport.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final WebServer server;
  private final HttpClient client;
  private final String scheme;

  public Endpoints() {
    this(WebConfig.OPEN, true, HttpClient.newHttpClient());
  }

  public Endpoints(WebConfig config, boolean lifecycle, HttpClient client) {
    this(config, lifecycle, client, SharedToken.NONE, Optional.empty());
  }

  private static final Optional<URI> URL =
      Optional.of(URI.create("https://net.example.com/eksnet/"));

  public Endpoints(
      WebConfig config,
      boolean lifecycle,
      HttpClient client,
      SharedToken token,
      Optional<ClusterDependencies> cluster) {
    this(config, lifecycle, client, token, cluster, ConnectionLimiter.Timeouts.DEFAULT);
  }

  public Endpoints(
      WebConfig config,
      boolean lifecycle,
      HttpClient client,
      SharedToken token,
      Optional<ClusterDependencies> cluster,
      ConnectionLimiter.Timeouts timeouts) {
    this(config, lifecycle, client, token, /* trustLoopback= */ true, cluster, timeouts);
  }

  public Endpoints(
      WebConfig config,
      boolean lifecycle,
      HttpClient client,
      SharedToken token,
      boolean trustLoopback,
      Optional<ClusterDependencies> cluster,
      ConnectionLimiter.Timeouts timeouts) {
    this.client = client;
    scheme = config.tlsServerConfig().isPresent() ? "https" : "http";
    var dependencies =
        new EndpointDependencies(
            new About("eksnet <agent>", "0.1.0", "abcdef", URL),
            (accept, out) -> {
              pages.incrementAndGet();
              return metrics.write(accept, out);
            },
            () -> trouble,
            () -> notReady,
            () -> reload,
            () -> "cluster: demo\n",
            () -> tasks,
            task -> probe.apply(task),
            history,
            () -> WebFixture.NOON.plusSeconds(60),
            () -> HostReport.NOTHING,
            token,
            trustLoopback,
            cluster.map(ControllerEndpoints::new));
    server =
        await(
            WebServer.start(
                vertx,
                ListenAddress.parse("127.0.0.1:0"),
                config,
                dependencies,
                lifecycle,
                timeouts));
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(cause.getMessage(), cause);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public WebServer server() {
    return server;
  }

  public URI uri(String path) {
    return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, headers);
  }

  public HttpResponse<String> send(String method, String path, String... headers) {
    var request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build(), BodyHandlers.ofString());
  }

  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return client.send(request, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What comes back, until the server closes, for bytes that no client would send. */
  public String raw(String bytes) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
          .lines()
          .collect(Collectors.joining("\n"));
    }
  }

  @Override
  public void close() {
    await(server.stop(Duration.ofSeconds(1)));
    await(vertx.close());
  }
}
