package io.eksnet.agent;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.schedule.FixedGrid;
import io.eksnet.schedule.SerialExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the plan of an agent at an interval and applies it when it has changed. The plan in use
 * stays until another one is applied.
 */
public final class PlanFetch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlanFetch.class);

  /** A standby replica has no plan, and another connection may reach the leader. */
  private static final int MAX_ATTEMPTS = 4;

  private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
  private static final Duration MAX_START_DELAY = Duration.ofSeconds(3);

  private final SerialExecutor executor;
  private final InstantSource clock;
  private final String gridId;
  private final Duration interval;
  private final PlanSource source;
  private final Function<AgentPlan, Future<Void>> apply;
  private volatile Optional<Applied> applied = Optional.empty();
  private Instant due = Instant.MIN;
  private boolean failing;
  private SerialExecutor.Timer timer = () -> {};
  private boolean closed;

  /**
   * @param fetched as the source returned it
   * @param plan the same, with what the plan before keeps
   */
  private record Applied(AgentPlan fetched, AgentPlan plan, Instant confirmed) {}

  /**
   * @param node decides when in the interval the plan is fetched
   * @param apply starts to probe a plan; if it fails, the plan before stays in use
   */
  PlanFetch(
      SerialExecutor executor,
      InstantSource clock,
      String node,
      Duration interval,
      PlanSource source,
      Function<AgentPlan, Future<Void>> apply) {
    this.executor = executor;
    this.clock = clock;
    this.gridId = node + "/plan";
    this.interval = interval;
    this.source = source;
    this.apply = apply;
  }

  void start() {
    executor.execute(
        () -> {
          due = clock.instant();
          var within = interval.compareTo(MAX_START_DELAY) < 0 ? interval : MAX_START_DELAY;
          arm(Duration.between(due, FixedGrid.next(gridId, within, due)));
        });
  }

  /** The plan in use; empty: none was applied yet. */
  Optional<AgentPlan> plan() {
    return applied.map(Applied::plan);
  }

  /** Seconds since the plan in use was last confirmed; NaN: none was applied yet. */
  double age() {
    return applied
        .map(now -> Duration.between(now.confirmed(), clock.instant()).toMillis() / 1e3)
        .map(seconds -> Math.max(0, seconds))
        .orElse(Double.NaN);
  }

  @Override
  public void close() {
    executor.execute(
        () -> {
          closed = true;
          timer.cancel();
        });
  }

  private void arm(Duration delay) {
    if (!closed) {
      timer = executor.schedule(delay, this::tick);
    }
  }

  private void tick() {
    attempt(1)
        .onComplete(
            done ->
                executor.execute(
                    () -> {
                      if (done.failed()) {
                        logFailure(done.cause());
                      } else {
                        logSuccess();
                      }
                      due = FixedGrid.nextAfter(gridId, interval, due, clock.instant());
                      arm(Duration.between(clock.instant(), due));
                    }));
  }

  private Future<Void> attempt(int number) {
    return fetch()
        .compose(this::use)
        .recover(
            e ->
                e instanceof PlanSource.UnavailableException && number < MAX_ATTEMPTS
                    ? delay().compose(done -> attempt(number + 1))
                    : Future.failedFuture(e));
  }

  private Future<AgentPlan> fetch() {
    try {
      return source.fetch(applied.map(Applied::fetched));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Void> use(AgentPlan fetched) {
    var before = applied;
    if (before.isPresent() && before.get().fetched().equals(fetched)) {
      applied = Optional.of(new Applied(fetched, before.get().plan(), clock.instant()));
      return Future.succeededFuture();
    }
    var plan = before.map(last -> fetched.following(last.plan())).orElse(fetched);
    return apply
        .apply(plan)
        .onSuccess(done -> applied = Optional.of(new Applied(fetched, plan, clock.instant())));
  }

  private Future<Void> delay() {
    Promise<Void> over = Promise.promise();
    executor.execute(() -> executor.schedule(RETRY_DELAY, over::complete));
    return over.future();
  }

  private void logSuccess() {
    if (failing) {
      log.info("plan fetch succeeded again");
    }
    failing = false;
  }

  private void logFailure(Throwable error) {
    if (!failing) {
      log.atWarn()
          .addKeyValue("error", String.valueOf(error.getMessage()))
          .addKeyValue("age", plan().isPresent() ? Math.round(age()) + "s" : "none")
          .log("plan fetch failed, keeping previous plan");
    }
    failing = true;
  }
}
