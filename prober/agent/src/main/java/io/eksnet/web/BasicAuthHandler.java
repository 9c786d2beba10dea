package io.eksnet.web;

import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks for a user and a password (RFC 7617), on every path; compares them off the event loop. */
final class BasicAuthHandler implements Handler<RoutingContext> {
  /** As many wait for bcrypt; more are turned away, so that guessing does not pile up. */
  private static final int MOST_WAITING = 32;

  private final WorkerExecutor worker;
  private volatile Passwords passwords;
  private int waiting;

  BasicAuthHandler(Passwords passwords, WorkerExecutor worker) {
    this.passwords = passwords;
    this.worker = worker;
  }

  void passwords(Passwords others) {
    passwords = others;
  }

  /** Whether everybody must give a password. */
  boolean asks() {
    return passwords.areAsked();
  }

  @Override
  public void handle(RoutingContext context) {
    var now = passwords;
    if (!now.areAsked()) {
      context.next();
      return;
    }
    var given = Credentials.in(context.request().getHeader("Authorization"));
    if (given.isEmpty()) {
      refuse(context);
    } else if (now.isKnown(given.get().user, given.get().password)) {
      context.next();
    } else if (waiting >= MOST_WAITING) {
      context.response().putHeader("Retry-After", "1");
      Responses.error(context, 503, "too many passwords wait to be checked; try again in a second");
    } else {
      verify(context, now, given.get());
    }
  }

  private void verify(RoutingContext context, Passwords against, Credentials given) {
    waiting++;
    context.request().pause();
    worker
        .executeBlocking(() -> against.verify(given.user, given.password), false)
        .onComplete(
            checked -> {
              waiting--;
              context.request().resume();
              if (checked.succeeded() && checked.result()) {
                context.next();
              } else {
                refuse(context);
              }
            });
  }

  private static void refuse(RoutingContext context) {
    context.response().putHeader("WWW-Authenticate", "Basic realm=\"eksnet\", charset=\"UTF-8\"");
    Responses.error(context, 401, "a user and a password are needed");
  }

  private static final class Credentials {
    private static final String SCHEME = "basic ";

    private final String user;
    private final byte[] password;

    private Credentials(String user, byte[] password) {
      this.user = user;
      this.password = password;
    }

    static Optional<Credentials> in(@Nullable String header) {
      if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        return Optional.empty();
      }
      try {
        return split(Base64.getDecoder().decode(header.substring(SCHEME.length()).trim()));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static Optional<Credentials> split(byte[] pair) {
      for (int i = 0; i < pair.length; i++) {
        if (pair[i] == ':') {
          return Optional.of(
              new Credentials(
                  new String(pair, 0, i, StandardCharsets.UTF_8),
                  Arrays.copyOfRange(pair, i + 1, pair.length)));
        }
      }
      return Optional.empty();
    }
  }
}
