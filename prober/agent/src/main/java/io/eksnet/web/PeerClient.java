package io.eksnet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of agents and controllers: each GET has a connection of its own, so that requests
 * spread over replicas. Responses are limited in time and length, redirects are not followed and
 * nothing is decompressed, because the peer may be an impostor.
 */
public final class PeerClient implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 32;
  private static final int MAX_QUEUED_REQUESTS = 256;
  private static final int MAX_HEADER_BYTES = 8_192;

  private final Vertx vertx;
  private final HttpClient client;
  private final SharedToken token;
  private final String serverName;
  private final boolean tls;
  private final int maxBodyBytes;
  private final Duration timeout;

  /** A response of any status. */
  public record Response(int status, Optional<String> etag, Buffer content) {
    public Response(int status, Optional<String> etag, String body) {
      this(status, etag, Buffer.buffer(body));
    }

    /** The content as text. */
    public String body() {
      return content.toString();
    }
  }

  /** The request failed, or its response is unusable. */
  public static final class PeerRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PeerRequestException(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * @param authorities in PEM; empty: plain HTTP
   * @param serverName the expected name in the certificate of the peer
   * @param timeout of the whole request
   */
  public PeerClient(
      Vertx vertx,
      SharedToken token,
      Optional<Buffer> authorities,
      String serverName,
      int maxBodyBytes,
      Duration timeout) {
    this.vertx = vertx;
    this.token = token;
    this.serverName = serverName;
    this.maxBodyBytes = maxBodyBytes;
    this.timeout = timeout;
    tls = authorities.isPresent();
    var options =
        new HttpClientOptions()
            .setKeepAlive(false)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setConnectTimeout((int) timeout.toMillis())
            .setSsl(tls)
            .setVerifyHost(true)
            .setForceSni(true);
    authorities.ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(pem)));
    client =
        vertx.createHttpClient(
            options,
            new PoolOptions()
                .setHttp1MaxSize(MAX_CONNECTIONS)
                .setMaxWaitQueueSize(MAX_QUEUED_REQUESTS));
  }

  /**
   * Gets {@code path}; fails with {@link PeerRequestException} without a response within the
   * limits.
   *
   * @param etag of the response that the caller has
   */
  public Future<Response> get(String host, int port, String path, Optional<String> etag) {
    var attempt = new Attempt();
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(SocketAddress.inetSocketAddress(port, host))
            .setHost(serverName)
            .setPort(port)
            .setSsl(tls)
            .setURI(path)
            .setFollowRedirects(false)
            .putHeader("Accept", "application/json");
    token.current().ifPresent(t -> options.putHeader("Authorization", "Bearer " + t));
    etag.ifPresent(tag -> options.putHeader("If-None-Match", tag));
    // All on one context, so that the handlers of the body are set before it arrives.
    vertx
        .getOrCreateContext()
        .runOnContext(
            go ->
                client
                    .request(options)
                    .compose(attempt::send)
                    .onSuccess(attempt::onResponse)
                    .onFailure(attempt::onError));
    return attempt.promise.future();
  }

  @Override
  public void close() {
    client.close().onFailure(e -> {});
  }

  private final class Attempt {
    private final Promise<Response> promise = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private final long timer;
    private volatile @Nullable HttpClientRequest request;
    private volatile boolean done;

    Attempt() {
      timer =
          vertx.setTimer(
              timeout.toMillis(),
              id -> fail("no response within " + timeout.toMillis() / 1e3 + " s"));
    }

    Future<HttpClientResponse> send(HttpClientRequest made) {
      request = made;
      if (done) {
        abort();
        return Future.failedFuture("timed out");
      }
      return made.send();
    }

    void onResponse(HttpClientResponse response) {
      response.handler(this::onBody);
      response.exceptionHandler(this::onError);
      var type = response.getHeader("Content-Type");
      if (response.statusCode() == 200 && !isJson(type)) {
        fail("response is not JSON; Content-Type: " + (type == null ? "none" : type));
        return;
      }
      response.endHandler(
          end ->
              complete(
                  new Response(
                      response.statusCode(),
                      Optional.ofNullable(response.getHeader("ETag")),
                      body)));
    }

    void onError(Throwable e) {
      fail(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    private void onBody(Buffer chunk) {
      if (body.length() + chunk.length() > maxBodyBytes) {
        fail("response exceeds " + maxBodyBytes + " bytes");
      } else if (!done) {
        body.appendBuffer(chunk);
      }
    }

    private void complete(Response response) {
      done = true;
      vertx.cancelTimer(timer);
      promise.tryComplete(response);
    }

    private void fail(String reason) {
      done = true;
      vertx.cancelTimer(timer);
      promise.tryFail(new PeerRequestException(reason));
      abort();
    }

    private void abort() {
      var made = request;
      if (made != null) {
        made.connection().close().onFailure(e -> {});
      }
    }
  }

  private static boolean isJson(@Nullable String type) {
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
  }
}
