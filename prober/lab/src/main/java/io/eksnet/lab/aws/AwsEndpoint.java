package io.eksnet.lab.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.ClusterState;
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
 * All AWS APIs at one URL on loopback, over plain HTTP. Signatures are not verified; their scope
 * names the service.
 */
public final class AwsEndpoint implements AutoCloseable {
  private static final int MAX_FORM_BYTES = 1 << 20;
  private static final long SLOW_RESPONSE_MILLIS = 30_000;

  private final Vertx vertx;
  private final AwsApi api;
  private final HttpServer server;

  private AwsEndpoint(Vertx vertx, AwsApi api) {
    this.vertx = vertx;
    this.api = api;
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setMaxFormAttributeSize(MAX_FORM_BYTES))
            .requestHandler(this::serve);
  }

  /** Starts an endpoint on {@code port} of 127.0.0.1, 0 for a free one. */
  public static AwsEndpoint start(
      Vertx vertx,
      int port,
      Supplier<ClusterState> state,
      Function<String, List<TargetHealth>> health) {
    var endpoint = new AwsEndpoint(vertx, new AwsApi(state, health));
    endpoint.server.listen(port, "127.0.0.1").await();
    return endpoint;
  }

  /** The URL, for the SDK's {@code endpointOverride} or {@code AWS_ENDPOINT_URL}. */
  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** The number of calls of an action such as {@code ec2:DescribeSubnets}, failed ones included. */
  public long calls(String action) {
    return api.calls(action);
  }

  /** The number of calls by action. */
  public Map<String, Long> calls() {
    return api.calls();
  }

  @Override
  public void close() {
    server.close().await();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A closed connection needs no response.
  private void serve(HttpServerRequest http) {
    http.body().onSuccess(body -> respond(http, body));
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void respond(HttpServerRequest http, Buffer body) {
    var authorization = http.getHeader("Authorization");
    var request =
        new AwsApi.AwsHttpRequest(
            http.path(), authorization == null ? "" : authorization, parameters(http, body));
    var response = api.handle(request);
    if (response.delayed()) {
      vertx.setTimer(SLOW_RESPONSE_MILLIS, timer -> send(http, response));
    } else {
      send(http, response);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private static void send(HttpServerRequest http, AwsApi.AwsResponse from) {
    var response = http.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(from.status()).putHeader("Content-Type", from.type());
    from.headers().forEach(response::putHeader);
    response.end(from.body());
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
