package io.eksnet.agent;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.schedule.FixedGrid;
import io.eksnet.web.PeerClient.Response;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the plan of an agent: asks for it on a beat of its own, only for another one than it has,
 * and keeps the last one as long as nobody gives it a better one.
 */
public final class PlanFetch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlanFetch.class);

  /** A replica that follows says so, and another connection may reach the one that leads. */
  private static final int TRIES = 4;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final Duration FIRST = Duration.ofSeconds(3);

  private final Context context;
  private final Clock clock;
  private final String node;
  private final Duration every;
  private final Source source;
  private final PlanLanguage language;
  private final Function<AgentPlan, Future<Void>> carryOut;
  private volatile Kept kept = new Kept(null, Optional.empty(), Instant.EPOCH);
  private Instant due = Instant.MIN;
  private String trouble = "";
  private long timer = -1;
  private boolean closed;

  /** Asks the controller. */
  @FunctionalInterface
  public interface Source {
    Future<Response> get(String path, Optional<String> etag);
  }

  private record Kept(@Nullable AgentPlan plan, Optional<String> etag, Instant confirmed) {}

  /**
   * @param carryOut makes a plan the one that is probed; the one before stays if it fails
   */
  PlanFetch(
      Vertx vertx,
      Clock clock,
      String node,
      Duration every,
      Source source,
      PlanLanguage language,
      Function<AgentPlan, Future<Void>> carryOut) {
    context = vertx.getOrCreateContext();
    this.clock = clock;
    this.node = node;
    this.every = every;
    this.source = source;
    this.language = language;
    this.carryOut = carryOut;
  }

  void start() {
    context.runOnContext(
        go -> {
          var now = clock.instant();
          due = now;
          arm(Duration.between(now, FixedGrid.next(id(), shorter(FIRST, every), now)));
        });
  }

  /** The last plan; empty: there never was one. */
  Optional<AgentPlan> plan() {
    return Optional.ofNullable(kept.plan());
  }

  /** How old the plan is in seconds; NaN: there never was one. */
  double age() {
    var now = kept;
    return now.plan() == null
        ? Double.NaN
        : Math.max(0, Duration.between(now.confirmed(), clock.instant()).toMillis() / 1e3);
  }

  @Override
  public void close() {
    context.runOnContext(
        go -> {
          closed = true;
          context.owner().cancelTimer(timer);
        });
  }

  private void beat() {
    once(1)
        .onComplete(
            done ->
                context.runOnContext(
                    go -> {
                      tell(done.failed() ? String.valueOf(done.cause().getMessage()) : "");
                      due = FixedGrid.nextAfter(id(), every, due, clock.instant());
                      arm(Duration.between(clock.instant(), due));
                    }));
  }

  private Future<Void> once(int attempt) {
    return asked()
        .compose(this::take)
        .recover(
            e ->
                e instanceof NotNow && attempt < TRIES
                    ? pause().compose(again -> once(attempt + 1))
                    : Future.failedFuture(e));
  }

  private Future<Response> asked() {
    var path = "/api/v1/plan?node=" + URLEncoder.encode(node, StandardCharsets.UTF_8);
    return source
        .get(path, kept.etag())
        .recover(e -> Future.failedFuture(new NotNow(e.getMessage())));
  }

  private Future<Void> take(Response answer) {
    return switch (answer.status()) {
      case 200 -> read(answer);
      case 304 -> confirm();
      case 503 -> Future.failedFuture(new NotNow("answered 503: " + shortened(answer.body())));
      default ->
          Future.failedFuture(
              new IllegalStateException(
                  "answered " + answer.status() + ": " + shortened(answer.body())));
    };
  }

  private Future<Void> read(Response answer) {
    return context
        .owner()
        .executeBlocking(() -> language.read(answer.body()), false)
        .compose(
            read -> {
              if (!read.node().equals(node)) {
                return Future.failedFuture("this is the plan of another node");
              }
              var plan = plan().map(last -> language.following(read, last)).orElse(read);
              return carryOut
                  .apply(plan)
                  .onSuccess(done -> kept = new Kept(plan, answer.etag(), clock.instant()));
            });
  }

  private Future<Void> confirm() {
    var now = kept;
    if (now.plan() == null) {
      return Future.failedFuture("answered that nothing changed, but there never was a plan");
    }
    kept = new Kept(now.plan(), now.etag(), clock.instant());
    return Future.succeededFuture();
  }

  private Future<Void> pause() {
    Promise<Void> over = Promise.promise();
    context.owner().setTimer(BETWEEN_TRIES.toMillis(), id -> over.complete());
    return over.future();
  }

  private void arm(Duration wait) {
    if (!closed) {
      timer = context.owner().setTimer(Math.max(1, wait.toMillis()), id -> beat());
    }
  }

  private void tell(String reason) {
    if (reason.isEmpty() && !trouble.isEmpty()) {
      log.info("the controller gives the plan again");
    } else if (!reason.isEmpty() && trouble.isEmpty()) {
      log.atWarn().addKeyValue("reason", reason).log("no plan from the controller, the last stays");
    }
    trouble = reason;
  }

  private String id() {
    return node + "/plan";
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** An answer is a stranger's text, and goes into a log. */
  private static String shortened(String body) {
    var plain = body.replaceAll("\\p{Cntrl}+", " ");
    return plain.substring(0, Math.min(plain.length(), 200));
  }

  /** Another try may reach another replica. */
  private static final class NotNow extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotNow(@Nullable String reason) {
      super(reason, null, false, false);
    }
  }
}
