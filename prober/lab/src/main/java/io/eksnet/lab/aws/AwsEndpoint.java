package io.eksnet.lab.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.TargetHealth;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All AWS services at one URL of loopback, over plain HTTP. The signature is not verified; its
 * scope tells which service is meant.
 */
public final class AwsEndpoint implements AutoCloseable {
  private static final int LARGEST = 1 << 20;
  private static final long LATE_MILLIS = 30_000;

  private final Vertx vertx;
  private final AwsApi api;
  private final HttpServer server;

  private AwsEndpoint(Vertx vertx, AwsApi api) {
    this.vertx = vertx;
    this.api = api;
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setMaxFormAttributeSize(LARGEST))
            .requestHandler(this::serve);
  }

  /** An endpoint on {@code port} of 127.0.0.1, 0 for a free one. */
  public static AwsEndpoint start(
      Vertx vertx,
      int port,
      Supplier<ClusterState> state,
      Function<String, List<TargetHealth>> health) {
    var endpoint = new AwsEndpoint(vertx, new AwsApi(state, health));
    endpoint.server.listen(port, "127.0.0.1").await();
    return endpoint;
  }

  /** Where it is, for the SDK's {@code endpointOverride} or {@code AWS_ENDPOINT_URL}. */
  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** How often an action was called, such as {@code ec2:DescribeSubnets}; also in vain. */
  public long calls(String action) {
    return api.calls(action);
  }

  /** How often each action was called. */
  public Map<String, Long> calls() {
    return api.calls();
  }

  @Override
  public void close() {
    server.close().await();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A client that left gets no answer.
  private void serve(HttpServerRequest http) {
    http.body().onSuccess(body -> answer(http, body));
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void answer(HttpServerRequest http, Buffer body) {
    var authorization = http.getHeader("Authorization");
    var request =
        new AwsApi.Request(
            http.method().name(),
            http.path(),
            authorization == null ? "" : authorization,
            parameters(http, body));
    var reply = api.reply(request);
    if (reply.late()) {
      vertx.setTimer(LATE_MILLIS, timer -> send(http, reply.answer()));
    } else {
      send(http, reply.answer());
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private static void send(HttpServerRequest http, Answer answer) {
    var response = http.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status()).putHeader("Content-Type", answer.type());
    answer.headers().forEach(response::putHeader);
    response.end(answer.body());
  }

  private static Map<String, String> parameters(HttpServerRequest http, Buffer body) {
    var all = new HashMap<String, String>();
    put(all, new QueryStringDecoder(http.uri(), UTF_8));
    var type = http.getHeader("Content-Type");
    if (type != null && type.startsWith("application/x-www-form-urlencoded")) {
      put(all, new QueryStringDecoder(body.toString(UTF_8), UTF_8, false, 10_000));
    } else if (body.length() > 0 && type != null && type.contains("json")) {
      body.toJsonObject().forEach(field -> all.put(field.getKey(), field.getValue() + ""));
    }
    return all;
  }

  private static void put(Map<String, String> all, QueryStringDecoder decoder) {
    decoder.parameters().forEach((name, values) -> all.put(name, values.get(0)));
  }
}
