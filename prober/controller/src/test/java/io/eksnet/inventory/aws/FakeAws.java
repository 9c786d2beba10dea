package io.eksnet.inventory.aws;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the protocols of EC2, ELBv2, STS (query) and EKS (REST), and answers as
 * configured.
 */
final class FakeAws implements AutoCloseable {
  /** A request: the operation, its parameters (or path and query), the headers that matter. */
  record Asked(String operation, Map<String, String> params, String userAgent) {}

  /** What is answered. */
  record Answer(int status, String body, String errorType, Duration delay, boolean cut) {
    static Answer ok(String body) {
      return new Answer(200, body, "", Duration.ZERO, false);
    }

    Answer after(Duration delay) {
      return new Answer(status, body, errorType, delay, cut);
    }

    /** The connection breaks instead. */
    static Answer nothing() {
      return new Answer(200, "", "", Duration.ZERO, true);
    }
  }

  static final String CLUSTER = "blue";
  static final String REGION = "eu-west-1";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, Function<Asked, Answer>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile @Nullable Function<Asked, Answer> fault;

  FakeAws() throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  /** How an operation is answered from now on. */
  FakeAws on(String operation, Function<Asked, Answer> answer) {
    answers.put(operation, answer);
    return this;
  }

  FakeAws on(String operation, String body) {
    return on(operation, request -> Answer.ok(body));
  }

  /** Everything is answered this way, until {@link #repair}. */
  void fail(Function<Asked, Answer> with) {
    fault = with;
  }

  void repair() {
    fault = null;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  List<String> operations() {
    return asked.stream().map(Asked::operation).toList();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Settings that lead here, with budgets that no test has to wait for. */
  AwsSettings settings(Duration timeout) {
    return settings(uri(), timeout);
  }

  static AwsSettings settings(URI uri, Duration timeout) {
    return new AwsSettings(
        REGION,
        CLUSTER,
        Map.of("ec2", uri, "elbv2", uri, "eks", uri, "sts", uri),
        new AwsCredentials.Fixed("AKIDEXAMPLE", "not-a-secret", ""),
        "other",
        timeout,
        Map.of(
            "ec2", new RateLimit(100, 100),
            "elbv2", new RateLimit(100, 100),
            "eks", new RateLimit(100, 100),
            "sts", new RateLimit(100, 100)));
  }

  /** An error in the format of the service that receives the request. */
  static Function<Asked, Answer> error(int status, String code, String message) {
    return request -> {
      var body =
          isRest(request.operation())
              ? "{\"message\":\"%s\"}".formatted(message)
              : """
                <Response><Errors><Error><Code>%1$s</Code><Message>%2$s</Message></Error></Errors>\
                <Error><Code>%1$s</Code><Message>%2$s</Message></Error>\
                <RequestID>r-1</RequestID></Response>"""
                  .formatted(code, message);
      return new Answer(status, body, code, Duration.ZERO, false);
    };
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              var query = request.query() == null ? "" : request.query();
              var params = params(body.length() == 0 ? query : body.toString());
              var operation =
                  params.containsKey("Action") ? params.get("Action") : rest(request.path());
              params.put("path", request.path());
              var seen = new Asked(operation, params, request.getHeader("User-Agent"));
              asked.add(seen);
              var broken = fault;
              answer(
                  request,
                  broken != null
                      ? broken.apply(seen)
                      : answers
                          .getOrDefault(
                              operation,
                              error(400, "InvalidAction", "nobody expected " + operation))
                          .apply(seen));
            });
  }

  private void answer(HttpServerRequest request, Answer answer) {
    if (answer.cut()) {
      request.connection().close();
    } else if (answer.delay().isZero()) {
      send(request, answer);
    } else {
      vertx.setTimer(answer.delay().toMillis(), timer -> send(request, answer));
    }
  }

  private static void send(HttpServerRequest request, Answer answer) {
    var response = request.response().setStatusCode(answer.status());
    if (!answer.errorType().isEmpty()) {
      response.putHeader("x-amzn-ErrorType", answer.errorType());
    }
    var json = answer.body().startsWith("{");
    response.putHeader("Content-Type", json ? "application/json" : "text/xml").end(answer.body());
  }

  private static boolean isRest(String operation) {
    return List.of(
            "DescribeCluster",
            "DescribeClusterVersions",
            "ListAddons",
            "DescribeAddon",
            "ListFargateProfiles",
            "DescribeFargateProfile",
            "ListPodIdentityAssociations")
        .contains(operation);
  }

  private static String rest(String path) {
    var parts = path.substring(1).split("/");
    if (parts[0].equals("cluster-versions")) {
      return "DescribeClusterVersions";
    }
    var all = parts.length == 3;
    return switch (parts.length < 3 ? "" : parts[2]) {
      case "" -> "DescribeCluster";
      case "addons" -> all ? "ListAddons" : "DescribeAddon";
      case "fargate-profiles" -> all ? "ListFargateProfiles" : "DescribeFargateProfile";
      case "pod-identity-associations" -> "ListPodIdentityAssociations";
      default -> path;
    };
  }

  private static Map<String, String> params(String form) {
    var params = new HashMap<String, String>();
    for (var pair : form.split("&")) {
      var at = pair.indexOf('=');
      if (at > 0) {
        params.put(
            pair.substring(0, at),
            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return params;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
