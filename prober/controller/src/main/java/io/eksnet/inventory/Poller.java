package io.eksnet.inventory;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.eksnet.schedule.FixedGrid;
import io.eksnet.schedule.SerialExecutor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Polls all sources of the inventory at their intervals, one read per source at a time, each with a
 * timeout. Polls only while this process leads. The state belongs to the executor; the public
 * methods may be called from any thread.
 */
public final class Poller {
  /** Between the first reads of two sources, so that they do not all start at once. */
  private static final Duration STAGGER = Duration.ofMillis(100);

  private static final Duration MIN_RETRY_DELAY = Duration.ofSeconds(10);

  /** The shortest timeout of a read; sources with longer intervals have three intervals. */
  public static final Duration MIN_TIMEOUT = Duration.ofSeconds(30);

  private static final int TIMEOUT_INTERVALS = 3;
  private static final int MAX_DOUBLINGS = 20;

  private final SerialExecutor executor;
  private final InstantSource clock;
  private final String cluster;
  private final BooleanSupplier leading;
  private final Function<InventorySource<?>, Duration> interval;
  private final Duration minTimeout;
  private final Listener listener;
  private final List<Poll<?>> polls;
  private volatile Inventory inventory = Inventory.EMPTY;
  private boolean running;

  /** Takes each success and failure of a source, on the executor. */
  @FunctionalInterface
  public interface Listener {
    /** {@code inventory} holds a new state of {@code resource}. */
    void onUpdate(Resource<?> resource, Inventory inventory);
  }

  /**
   * @param cluster part of the grid id, so that the clusters of an AWS account poll at other times
   * @param leading whether this process leads now
   * @param interval how often a source is read
   * @param minTimeout the shortest timeout of a read
   */
  public Poller(
      SerialExecutor executor,
      InstantSource clock,
      String cluster,
      List<? extends InventorySource<?>> sources,
      BooleanSupplier leading,
      Function<InventorySource<?>, Duration> interval,
      Duration minTimeout,
      Listener listener) {
    this.executor = executor;
    this.clock = clock;
    this.cluster = cluster;
    this.leading = leading;
    this.interval = interval;
    this.minTimeout = minTimeout;
    this.listener = listener;
    polls = sources.stream().<Poll<?>>map(Poll::new).toList();
  }

  /** The last value of each resource, however old; {@link Inventory#at} drops stale values. */
  public Inventory inventory() {
    return inventory;
  }

  /** Starts with an empty inventory: each source is read soon, then at its interval. */
  public Future<Void> start() {
    return onExecutor(
        () -> {
          if (!running) {
            running = true;
            inventory = Inventory.EMPTY;
            for (var i = 0; i < polls.size(); i++) {
              polls.get(i).start(STAGGER.multipliedBy(i + 1));
            }
          }
        });
  }

  /** Stops polling and discards reads in flight. The inventory stays, and becomes stale. */
  public Future<Void> stop() {
    return onExecutor(
        () -> {
          running = false;
          polls.forEach(Poll::stop);
        });
  }

  /** The delay after this many failures in a row; it doubles each time. */
  static Duration retryDelay(int failures) {
    return MIN_RETRY_DELAY.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
  }

  /** Reads a source; what it throws is a failed read. */
  static <F> Future<F> read(InventorySource<F> source, Inventory inventory) {
    try {
      return source.read(inventory);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Why a read gave no value. */
  static Unavailable reason(AsyncResult<?> read) {
    if (read.succeeded()) {
      return new Unavailable(Reason.ERROR, "the source returned no value");
    }
    return read.cause() instanceof SourceException failure
        ? failure.lack()
        : new Unavailable(Reason.ERROR, String.valueOf(read.cause()));
  }

  private static Optional<Instant> goodUntil(AsyncResult<?> failed) {
    return failed.cause() instanceof SourceException failure
        ? failure.goodUntil()
        : Optional.empty();
  }

  private Future<Void> onExecutor(Runnable work) {
    Promise<Void> done = Promise.promise();
    executor.execute(
        () -> {
          work.run();
          done.complete();
        });
    return done.future();
  }

  /** The reads of one source. */
  private final class Poll<F> {
    private final InventorySource<F> source;
    private final String gridId;
    private Instant due = Instant.MIN;
    private SerialExecutor.Timer timer = () -> {};
    private SerialExecutor.Timer timeout = () -> {};
    private int failures;
    private boolean inFlight;
    private boolean missedTick;
    private long attempt;

    Poll(InventorySource<F> source) {
      this.source = source;
      gridId = String.join("/", cluster, "poll", source.resource().name());
    }

    void start(Duration delay) {
      failures = 0;
      missedTick = false;
      due = clock.instant();
      arm(delay);
    }

    void stop() {
      timer.cancel();
      timeout.cancel();
      attempt++;
    }

    private void arm(Duration delay) {
      timer.cancel();
      timer = executor.schedule(delay, this::tick);
    }

    private void tick() {
      if (leading.getAsBoolean() && !inFlight) {
        startRead();
      } else {
        missedTick = inFlight;
        armNext();
      }
    }

    private void armNext() {
      var now = clock.instant();
      due = FixedGrid.nextAfter(gridId, interval.apply(source), due, now);
      var untilTick = Duration.between(now, due);
      var retry = failures == 0 ? untilTick : retryDelay(failures);
      arm(retry.compareTo(untilTick) < 0 ? retry : untilTick);
    }

    private void startRead() {
      var mine = ++attempt;
      var at = clock.instant();
      inFlight = true;
      armTimeout(Duration.ZERO, readTimeout(), mine, at);
      Poller.read(source, inventory.ifFresh(at))
          .onComplete(
              read ->
                  executor.execute(
                      () -> {
                        inFlight = false;
                        complete(mine, at, read);
                        catchUp();
                      }));
    }

    /** Reads again soon if a tick came during a read, even one of an earlier leadership. */
    private void catchUp() {
      if (running && missedTick && failures == 0) {
        arm(STAGGER);
      }
      missedTick = false;
    }

    private Duration readTimeout() {
      var byInterval = interval.apply(source).multipliedBy(TIMEOUT_INTERVALS);
      return byInterval.compareTo(minTimeout) > 0 ? byInterval : minTimeout;
    }

    private void armTimeout(Duration waited, Duration limit, long mine, Instant at) {
      timeout = executor.schedule(limit.minus(waited), () -> onTimeout(limit, mine, at));
    }

    /** The interval, and with it the timeout, may have become longer during the read. */
    private void onTimeout(Duration waited, long mine, Instant at) {
      var limit = readTimeout();
      if (mine == attempt && limit.compareTo(waited) > 0) {
        armTimeout(waited, limit, mine, at);
      } else {
        var text = "no response within " + waited.toSeconds() + " s";
        complete(mine, at, Future.failedFuture(new SourceException(Reason.TIMEOUT, text)));
      }
    }

    /** Ignores attempts that timed out or belong to an earlier leadership. */
    private void complete(long mine, Instant at, AsyncResult<F> read) {
      if (mine != attempt || !running) {
        return;
      }
      attempt++;
      timeout.cancel();
      if (leading.getAsBoolean()) {
        record(at, read);
      }
      armNext();
    }

    private void record(Instant at, AsyncResult<F> read) {
      var resource = source.resource();
      var value = read.succeeded() ? read.result() : null;
      if (value != null) {
        var wasUnknown = inventory.ifFresh(at).get(resource).isEmpty();
        failures = 0;
        inventory = inventory.with(resource, Snapshot.of(value, at, interval.apply(source)));
        var fresh = inventory.ifFresh(clock.instant());
        polls.forEach(poll -> poll.onOtherRead(wasUnknown, fresh));
      } else {
        failures++;
        var known = inventory.snapshot(resource);
        var before = known.interval().isZero() ? Snapshot.<F>notYet(interval.apply(source)) : known;
        var after = before.after(reason(read));
        inventory = inventory.with(resource, goodUntil(read).map(after::goodUntil).orElse(after));
      }
      listener.onUpdate(resource, inventory);
    }

    /** Another resource was read: what waits for it, or depends on it, is read now. */
    private void onOtherRead(boolean isNew, Inventory fresh) {
      if (!inFlight
          && (isWaiting(isNew, fresh)
              || isStaleAfterSuccess(fresh)
              || source.shouldRefresh(fresh))) {
        arm(STAGGER);
      }
    }

    /** The last read succeeded, and its value is stale all the same: the clock was set. */
    private boolean isStaleAfterSuccess(Inventory fresh) {
      return failures == 0
          && inventory.get(source.resource()).isPresent()
          && fresh.get(source.resource()).isEmpty();
    }

    /** The last read failed, perhaps because another resource was not known then. */
    private boolean isWaiting(boolean isNew, Inventory fresh) {
      var known = fresh.snapshot(source.resource());
      return failures > 0
          && ((isNew && known.value().isEmpty())
              || known.unavailable().filter(lack -> lack.reason() == Reason.NOT_YET).isPresent());
    }
  }
}
