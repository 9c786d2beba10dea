package io.eksnet.web;

import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Basic authentication (RFC 7617) on every path; bcrypt runs on a worker. */
final class BasicAuthHandler implements Handler<RoutingContext> {
  private static final String SCHEME = "basic ";

  /** Requests above this limit are rejected, so that password guessing does not pile up work. */
  private static final int MAX_PENDING = 32;

  private static final int MAX_PENDING_PER_HOST = 8;

  private final WorkerExecutor worker;
  private volatile Passwords passwords;
  private final ConcurrencyLimiter pending =
      new ConcurrencyLimiter(MAX_PENDING, MAX_PENDING_PER_HOST);

  BasicAuthHandler(Passwords passwords, WorkerExecutor worker) {
    this.passwords = passwords;
    this.worker = worker;
  }

  void setPasswords(Passwords passwords) {
    this.passwords = passwords;
  }

  boolean isRequired() {
    return passwords.isRequired();
  }

  @Override
  public void handle(RoutingContext context) {
    var current = passwords;
    if (!current.isRequired()) {
      context.next();
      return;
    }
    var given = credentials(context.request().getHeader("Authorization"));
    if (given.isEmpty()) {
      reject(context);
    } else if (current.isCached(given.get().user, given.get().password)) {
      context.next();
    } else {
      verify(context, current, given.get());
    }
  }

  private void verify(RoutingContext context, Passwords current, Credentials given) {
    var host = context.request().remoteAddress().hostAddress();
    if (!pending.tryAcquire(host)) {
      context.response().putHeader("Retry-After", "1");
      Responses.error(context, 503, "too many pending password checks; retry in a second");
      return;
    }
    context.request().pause();
    worker
        .executeBlocking(() -> current.verify(given.user, given.password), false)
        .onComplete(
            verified -> {
              pending.release(host);
              context.request().resume();
              if (verified.succeeded() && verified.result()) {
                context.next();
              } else {
                reject(context);
              }
            });
  }

  private static void reject(RoutingContext context) {
    context.response().putHeader("WWW-Authenticate", "Basic realm=\"eksnet\", charset=\"UTF-8\"");
    Responses.error(context, 401, "user and password required");
  }

  private static Optional<Credentials> credentials(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    byte[] pair;
    try {
      pair = Base64.getDecoder().decode(header.substring(SCHEME.length()).trim());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    for (var i = 0; i < pair.length; i++) {
      if (pair[i] == ':') {
        return Optional.of(
            new Credentials(
                new String(pair, 0, i, StandardCharsets.UTF_8),
                Arrays.copyOfRange(pair, i + 1, pair.length)));
      }
    }
    return Optional.empty();
  }

  /** Not a record: its text must not show the password. */
  private static final class Credentials {
    private final String user;
    private final byte[] password;

    Credentials(String user, byte[] password) {
      this.user = user;
      this.password = password;
    }
  }
}
