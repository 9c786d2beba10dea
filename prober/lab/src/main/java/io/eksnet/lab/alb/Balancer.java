package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.TargetGroup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One listener of a load balancer at one of its addresses. */
@SuppressWarnings("FutureReturnValueIgnored") // A client that left gets no answer.
final class Balancer {
  /** No connection within 10 s, no answer within the idle timeout of 60 s: 504. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private static final Duration IDLE = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final HttpClient client;
  private final Pace pace;
  private final Supplier<ClusterState> state;
  private final HealthChecks checks;
  private final String arn;
  private final int port;
  private final AtomicInteger turn = new AtomicInteger();
  private final HttpServer server;

  private Balancer(
      Vertx vertx,
      HttpClient client,
      Pace pace,
      Supplier<ClusterState> state,
      HealthChecks checks,
      String arn,
      int port) {
    this.vertx = vertx;
    this.client = client;
    this.pace = pace;
    this.state = state;
    this.checks = checks;
    this.arn = arn;
    this.port = port;
    this.server = vertx.createHttpServer().requestHandler(this::serve);
  }

  static Balancer open(
      Vertx vertx,
      HttpClient client,
      Pace pace,
      Supplier<ClusterState> state,
      HealthChecks checks,
      String arn,
      String address,
      int port) {
    var balancer = new Balancer(vertx, client, pace, state, checks, arn, port);
    balancer.server.listen(port, address).await();
    return balancer;
  }

  void close() {
    server.close().await();
  }

  private void serve(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              var lb = state.get().find(LoadBalancer.class, arn);
              var rule = lb.flatMap(known -> rule(known, request));
              if (rule.isEmpty()) {
                own(request, 404, "Not Found");
                return;
              }
              forward(request, body, lb.get(), rule.get().targetGroupArn());
            });
  }

  private Optional<LoadBalancer.Rule> rule(LoadBalancer lb, HttpServerRequest request) {
    var authority = request.authority();
    var host = authority == null ? "" : authority.host();
    return lb.listeners().stream()
        .filter(listener -> listener.port() == port)
        .flatMap(listener -> listener.rules().stream())
        .filter(rule -> rule.host().isEmpty() || rule.host().equalsIgnoreCase(host))
        .filter(rule -> request.path().startsWith(rule.path()))
        .findFirst();
  }

  private void forward(HttpServerRequest request, Buffer body, LoadBalancer lb, String group) {
    var target = checks.acquire(group, turn.getAndIncrement());
    if (target.isEmpty()) {
      own(request, 503, "Service Temporarily Unavailable");
      return;
    }
    ask(request, body, lb, target.get())
        .onComplete(done -> checks.release(group, target.get()))
        .onFailure(
            cause -> {
              boolean late = cause instanceof TimeoutException || isConnectTimeout(cause);
              own(request, late ? 504 : 502, late ? "Gateway Time-out" : "Bad Gateway");
            });
  }

  private Future<Void> ask(
      HttpServerRequest request, Buffer body, LoadBalancer lb, TargetGroup.Target target) {
    var address = Reach.address(state.get(), target);
    long connect = pace.timeoutMillis(CONNECT);
    if (!new Reach(state.get(), lb).permits(address, target.port())) {
      return vertx
          .timer(connect, TimeUnit.MILLISECONDS)
          .compose(nothing -> Future.failedFuture(new TimeoutException("no route to the target")));
    }
    return client
        .request(options(request, address, target.port()).setConnectTimeout(connect))
        .compose(
            asked -> {
              var authority = request.authority();
              if (authority != null) {
                asked.authority(authority);
              }
              return asked
                  .send(body)
                  .compose(response -> relay(request, response))
                  .timeout(pace.timeoutMillis(IDLE), TimeUnit.MILLISECONDS)
                  .onFailure(late -> asked.connection().close());
            });
  }

  private static boolean isConnectTimeout(Throwable cause) {
    return cause instanceof ConnectException && String.valueOf(cause).contains("timed out");
  }

  private static RequestOptions options(HttpServerRequest request, String address, int port) {
    var options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(address)
            .setPort(port)
            .setURI(request.uri());
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("connection")) {
                options.addHeader(name, value);
              }
            });
    return options
        .putHeader("X-Forwarded-For", request.remoteAddress().hostAddress())
        .putHeader("X-Forwarded-Proto", "http")
        .putHeader("X-Forwarded-Port", Integer.toString(request.localAddress().port()));
  }

  private static Future<Void> relay(HttpServerRequest request, HttpClientResponse from) {
    return from.body()
        .compose(
            body -> {
              var to = request.response().setStatusCode(from.statusCode());
              from.headers()
                  .forEach(
                      (name, value) -> {
                        if (!name.equalsIgnoreCase("transfer-encoding")
                            && !name.equalsIgnoreCase("connection")) {
                          to.headers().add(name, value);
                        }
                      });
              return to.end(body);
            });
  }

  /** An answer that the load balancer makes itself. */
  private static void own(HttpServerRequest request, int code, String words) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var title = code + " " + words;
    response
        .setStatusCode(code)
        .putHeader("Server", "awselb/2.0")
        .putHeader("Content-Type", "text/html")
        .end(
            "<html>\r\n<head><title>"
                + title
                + "</title></head>\r\n<body>\r\n<center><h1>"
                + title
                + "</h1></center>\r\n</body>\r\n</html>\r\n");
  }
}
