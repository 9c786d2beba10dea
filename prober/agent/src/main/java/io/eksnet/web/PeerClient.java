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
 * How agents and controllers ask each other: one GET on a connection of its own, so that each asks
 * another replica; no redirect is followed, nothing is unpacked, and an answer is bounded in time
 * and length, for whoever answers may not be who was meant.
 */
public final class PeerClient implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 32;
  private static final int MOST_WAITING = 256;
  private static final int LONGEST_HEADERS = 8_192;

  private final Vertx vertx;
  private final HttpClient client;
  private final SharedToken token;
  private final String serverName;
  private final boolean tls;
  private final int longest;
  private final Duration timeout;

  /**
   * An answer.
   *
   * @param retryAfter whether it asks to come again soon
   */
  public record Answered(int status, Optional<String> etag, boolean retryAfter, String body) {}

  /** The other side could not be asked, or gave no answer that can be used. */
  public static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unanswered(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * @param authorities in PEM; with them TLS is spoken
   * @param serverName the name that the other side's certificate carries
   * @param longest bytes of a body
   * @param timeout of a request in all
   */
  public PeerClient(
      Vertx vertx,
      SharedToken token,
      Optional<Buffer> authorities,
      String serverName,
      int longest,
      Duration timeout) {
    this.vertx = vertx;
    this.token = token;
    this.serverName = serverName;
    this.longest = longest;
    this.timeout = timeout;
    tls = authorities.isPresent();
    var options =
        new HttpClientOptions()
            .setKeepAlive(false)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setConnectTimeout((int) timeout.toMillis())
            .setSsl(tls)
            .setVerifyHost(true)
            .setForceSni(true);
    authorities.ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(pem)));
    client =
        vertx.createHttpClient(
            options,
            new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS).setMaxWaitQueueSize(MOST_WAITING));
  }

  /**
   * Asks for {@code path}; fails with {@link Unanswered} when there is no answer in time and
   * bounds. Whatever its status, an answer is one.
   *
   * @param etag of the answer that is already there
   */
  public Future<Answered> get(String host, int port, String path, Optional<String> etag) {
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
    token.shown().ifPresent(t -> options.putHeader("Authorization", "Bearer " + t));
    etag.ifPresent(tag -> options.putHeader("If-None-Match", tag));
    // On one context, so that the head is handled before the body comes.
    vertx
        .getOrCreateContext()
        .runOnContext(
            go ->
                client
                    .request(options)
                    .compose(attempt::send)
                    .onSuccess(attempt::answered)
                    .onFailure(attempt::failed));
    return attempt.promise.future();
  }

  @Override
  public void close() {
    client.close().onFailure(e -> {});
  }

  /** One request, which ends once. */
  private final class Attempt {
    private final Promise<Answered> promise = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private final long timer;
    private volatile @Nullable HttpClientRequest request;
    private volatile boolean over;

    Attempt() {
      timer = vertx.setTimer(timeout.toMillis(), id -> giveUp("no answer within " + seconds()));
    }

    Future<HttpClientResponse> send(HttpClientRequest made) {
      request = made;
      if (over) {
        abort();
        return Future.failedFuture("too late");
      }
      return made.send();
    }

    void answered(HttpClientResponse response) {
      response.handler(this::take);
      response.exceptionHandler(this::failed);
      var type = response.getHeader("Content-Type");
      if (response.statusCode() == 200 && !isJson(type)) {
        giveUp("the answer is " + (type == null ? "of no type" : type) + " and not JSON");
        return;
      }
      response.endHandler(
          end ->
              end(
                  new Answered(
                      response.statusCode(),
                      Optional.ofNullable(response.getHeader("ETag")),
                      response.getHeader("Retry-After") != null,
                      body.toString())));
    }

    void failed(Throwable e) {
      giveUp(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    private void take(Buffer chunk) {
      if (body.length() + chunk.length() > longest) {
        giveUp("the answer is longer than " + longest + " bytes");
      } else if (!over) {
        body.appendBuffer(chunk);
      }
    }

    private void end(Answered answer) {
      over = true;
      vertx.cancelTimer(timer);
      promise.tryComplete(answer);
    }

    private void giveUp(String reason) {
      over = true;
      vertx.cancelTimer(timer);
      promise.tryFail(new Unanswered(reason));
      abort();
    }

    private void abort() {
      var made = request;
      if (made != null) {
        made.connection().close().onFailure(e -> {});
      }
    }
  }

  private String seconds() {
    return timeout.toMillis() / 1e3 + " s";
  }

  private static boolean isJson(@Nullable String type) {
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
  }
}
