package io.eksnet.inventory;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.eksnet.schedule.FixedGrid;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Reads sources on their beat and keeps what they say: one read in flight a source, each with an
 * end. Reads nothing and believes nothing while this process does not lead. Its state belongs to a
 * context of Vert.x; the public methods may be called from anywhere.
 */
public final class Poller {
  /** From one source to the next at the start, so that not all of them ask at once. */
  private static final Duration STAGGER = Duration.ofMillis(100);

  private static final Duration SOONEST_RETRY = Duration.ofSeconds(10);

  /** The least time that a reading is given; slower sources have three of their intervals. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int INTERVALS = 3;
  private static final int MOST_DOUBLINGS = 20;

  private final Context context;
  private final Clock clock;
  private final String cluster;
  private final BooleanSupplier leading;
  private final Function<InventorySource<?>, Duration> every;
  private final Duration patience;
  private final Listener listener;
  private final List<Turn<?>> turns;
  private volatile Inventory inventory = Inventory.EMPTY;
  private boolean running;

  /** Hears, on the context, that a part was read or could not be. */
  @FunctionalInterface
  public interface Listener {
    /** The inventory has a new state of {@code part}. */
    void heard(Resource<?> part, Inventory inventory);
  }

  /**
   * @param cluster part of the beat, so that the clusters of an account do not ask at once
   * @param leading whether this process leads at this moment
   * @param every how often a source is read
   * @param patience the least time that a reading is given
   */
  public Poller(
      Context context,
      Clock clock,
      String cluster,
      List<? extends InventorySource<?>> sources,
      BooleanSupplier leading,
      Function<InventorySource<?>, Duration> every,
      Duration patience,
      Listener listener) {
    this.context = context;
    this.clock = clock;
    this.cluster = cluster;
    this.leading = leading;
    this.every = every;
    this.patience = patience;
    this.listener = listener;
    turns = sources.stream().<Turn<?>>map(Turn::new).toList();
  }

  /**
   * What is known, the last values of what can no longer be read among it; {@link Inventory#at}
   * says what may be believed.
   */
  public Inventory inventory() {
    return inventory;
  }

  /** Begins to read, and knows nothing of an earlier time; each source soon, then on its beat. */
  public Future<Void> start() {
    return onContext(
        () -> {
          if (!running) {
            running = true;
            inventory = Inventory.EMPTY;
            for (var i = 0; i < turns.size(); i++) {
              turns.get(i).begin(STAGGER.multipliedBy(i + 1));
            }
          }
        });
  }

  /** Reads no more; what is in flight is not believed. What was known stays, and grows old. */
  public Future<Void> stop() {
    return onContext(
        () -> {
          running = false;
          turns.forEach(Turn::end);
        });
  }

  /** The wait after this many failures in a row: doubling, so that a short trouble ends soon. */
  static Duration retry(int failures) {
    return SOONEST_RETRY.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
  }

  private Future<Void> onContext(Runnable work) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        go -> {
          work.run();
          done.complete();
        });
    return done.future();
  }

  /** A source on its beat. */
  private final class Turn<F> {
    private final InventorySource<F> source;
    private final String id;
    private Instant due = Instant.MIN;
    private long timer = -1;
    private long deadline = -1;
    private int failures;
    private boolean inFlight;
    private boolean overdue;
    private long attempt;

    Turn(InventorySource<F> source) {
      this.source = source;
      id = String.join("/", cluster, "poll", source.resource().name());
    }

    void begin(Duration wait) {
      failures = 0;
      overdue = false;
      due = clock.instant();
      arm(wait);
    }

    void end() {
      cancel(timer);
      cancel(deadline);
      attempt++;
    }

    private void arm(Duration wait) {
      cancel(timer);
      timer = context.owner().setTimer(Math.max(1, wait.toMillis()), id -> take());
    }

    private void take() {
      if (leading.getAsBoolean() && !inFlight) {
        read();
      } else {
        overdue = inFlight;
        next();
      }
    }

    private void next() {
      var now = clock.instant();
      var interval = every.apply(source);
      due = FixedGrid.nextAfter(id, interval, due, now);
      var beat = Duration.between(now, due);
      var soon = failures == 0 ? beat : retry(failures);
      arm(soon.compareTo(beat) < 0 ? soon : beat);
    }

    private void read() {
      var mine = ++attempt;
      var at = clock.instant();
      inFlight = true;
      giveUp(Duration.ZERO, timeout(), mine, at);
      reading(at)
          .onComplete(
              read ->
                  context.runOnContext(
                      go -> {
                        inFlight = false;
                        settle(mine, at, read);
                        catchUp();
                      }));
    }

    /** Its beat came while it was still being read, perhaps for a leadership that ended. */
    private void catchUp() {
      if (running && overdue && failures == 0) {
        arm(STAGGER);
      }
      overdue = false;
    }

    private Future<F> reading(Instant at) {
      try {
        return source.read(inventory.ifFresh(at));
      } catch (RuntimeException e) {
        return Future.failedFuture(e);
      }
    }

    private Duration timeout() {
      var whole = every.apply(source).multipliedBy(INTERVALS);
      return whole.compareTo(patience) > 0 ? whole : patience;
    }

    private void giveUp(Duration waited, Duration limit, long mine, Instant at) {
      var wait = limit.minus(waited).toMillis();
      deadline = context.owner().setTimer(wait, id -> late(limit, mine, at));
    }

    /** A source may have learnt meanwhile that it has more to read, and so may take longer. */
    private void late(Duration waited, long mine, Instant at) {
      var limit = timeout();
      if (mine == attempt && limit.compareTo(waited) > 0) {
        giveUp(waited, limit, mine, at);
      } else {
        var text = "no answer within " + waited.toSeconds() + " s";
        settle(mine, at, Future.failedFuture(new SourceException(Reason.TIMEOUT, text)));
      }
    }

    /** An attempt that is no longer the last was given up or belongs to a leadership that ended. */
    private void settle(long mine, Instant at, AsyncResult<F> read) {
      if (mine != attempt || !running) {
        return;
      }
      attempt++;
      cancel(deadline);
      if (leading.getAsBoolean()) {
        keep(at, read);
      }
      next();
    }

    private void keep(Instant at, AsyncResult<F> read) {
      var part = source.resource();
      var value = read.succeeded() ? read.result() : null;
      if (value != null) {
        var wasUnknown = inventory.ifFresh(at).get(part).isEmpty();
        failures = 0;
        inventory = inventory.with(part, Snapshot.of(value, at, every.apply(source)));
        turns.forEach(turn -> turn.hurry(wasUnknown));
      } else {
        failures++;
        var known = inventory.snapshot(part);
        var before = known.interval().isZero() ? Snapshot.<F>notYet(every.apply(source)) : known;
        inventory = inventory.with(part, before.after(lack(read)));
      }
      listener.heard(part, inventory);
    }

    /** Something else is known now: what waited for that, or has reason to, is read at once. */
    private void hurry(boolean news) {
      if (!inFlight
          && (waits(news)
              || strayed()
              || source.shouldRefresh(inventory.ifFresh(clock.instant())))) {
        arm(STAGGER);
      }
    }

    /** It was read, and is not believed since the clock was set. */
    private boolean strayed() {
      return failures == 0
          && inventory.get(source.resource()).isPresent()
          && inventory.ifFresh(clock.instant()).get(source.resource()).isEmpty();
    }

    /** What failed may have failed for want of what is known only now. */
    private boolean waits(boolean news) {
      var known = inventory.ifFresh(clock.instant()).snapshot(source.resource());
      return failures > 0
          && ((news && known.value().isEmpty())
              || known.unavailable().filter(u -> u.reason() == Reason.NOT_YET).isPresent());
    }

    private Unavailable lack(AsyncResult<F> read) {
      if (read.succeeded()) {
        return new Unavailable(Reason.ERROR, "the source gave nothing");
      }
      return read.cause() instanceof SourceException failure
          ? failure.lack()
          : new Unavailable(Reason.ERROR, String.valueOf(read.cause()));
    }

    private void cancel(long timer) {
      context.owner().cancelTimer(timer);
    }
  }
}
