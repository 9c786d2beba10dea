package io.eksnet.lab.alb;

import io.eksnet.lab.TestCertificates;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.ClusterState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A listener of an application load balancer at one of its addresses. */
@SuppressWarnings("FutureReturnValueIgnored") // A closed connection needs no response.
final class AlbListener {
  /** ALB responds with 504 after either timeout. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final HttpClient client;
  private final TimeScale scale;
  private final Supplier<ClusterState> state;
  private final TargetHealthChecks checks;
  private final String arn;
  private final int port;
  private final AtomicInteger turn = new AtomicInteger();
  private final String scheme;
  private final HttpServer server;

  AlbListener(
      Vertx vertx,
      HttpClient client,
      TimeScale scale,
      Supplier<ClusterState> state,
      TargetHealthChecks checks,
      String arn,
      int port,
      Optional<TestCertificates.Identity> identity) {
    this.vertx = vertx;
    this.client = client;
    this.scale = scale;
    this.state = state;
    this.checks = checks;
    this.arn = arn;
    this.port = port;
    this.scheme = identity.isPresent() ? "https" : "http";
    this.server =
        vertx
            .createHttpServer(identity.map(AlbListener::tls).orElseGet(HttpServerOptions::new))
            .requestHandler(this::serve);
  }

  private static HttpServerOptions tls(TestCertificates.Identity identity) {
    return new HttpServerOptions()
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setKeyValue(Buffer.buffer(TestCertificates.pem(identity.key())))
                .setCertValue(Buffer.buffer(TestCertificates.pem(identity.chain()))));
  }

  void listen(String address) {
    server.listen(port, address).await();
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
              var rule = lb.flatMap(found -> findRule(found, request));
              if (rule.isEmpty()) {
                respond(request, 404, "Not Found");
                return;
              }
              forward(request, body, lb.get(), rule.get().targetGroupArn());
            });
  }

  private Optional<LoadBalancer.Rule> findRule(LoadBalancer lb, HttpServerRequest request) {
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
      respond(request, 503, "Service Temporarily Unavailable");
      return;
    }
    send(request, body, lb, group, target.get())
        .onComplete(done -> checks.release(group, target.get()))
        .onFailure(
            cause -> {
              boolean timeout = cause instanceof TimeoutException || isConnectTimeout(cause);
              respond(request, timeout ? 504 : 502, timeout ? "Gateway Time-out" : "Bad Gateway");
            });
  }

  private Future<Void> send(
      HttpServerRequest request,
      Buffer body,
      LoadBalancer lb,
      String group,
      TargetGroup.Target target) {
    var security = new SecurityGroupSimulation(state.get(), lb);
    var address = security.address(target);
    long connect = scale.timeoutMillis(CONNECT_TIMEOUT);
    if (!security.permits(address, target.port())) {
      return vertx
          .timer(connect, TimeUnit.MILLISECONDS)
          .compose(
              nothing ->
                  Future.failedFuture(new TimeoutException("security groups drop the packets")));
    }
    return client
        .request(
            options(request, address, target.port())
                .setSsl(usesTls(group))
                .setConnectTimeout(connect))
        .compose(
            forwarded -> {
              var authority = request.authority();
              if (authority != null) {
                forwarded.authority(authority);
              }
              return forwarded
                  .send(body)
                  .compose(response -> relay(request, response))
                  .timeout(scale.timeoutMillis(IDLE_TIMEOUT), TimeUnit.MILLISECONDS)
                  .onFailure(timeout -> forwarded.connection().close());
            });
  }

  private boolean usesTls(String targetGroupArn) {
    return state
        .get()
        .find(TargetGroup.class, targetGroupArn)
        .filter(group -> Set.of("HTTPS", "TLS").contains(group.protocol()))
        .isPresent();
  }

  private static boolean isConnectTimeout(Throwable cause) {
    return cause instanceof ConnectException && String.valueOf(cause).contains("timed out");
  }

  private RequestOptions options(HttpServerRequest request, String address, int port) {
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
        .putHeader("X-Forwarded-Proto", scheme)
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

  /** A response of the load balancer itself. */
  private static void respond(HttpServerRequest request, int code, String reason) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var title = code + " " + reason;
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
