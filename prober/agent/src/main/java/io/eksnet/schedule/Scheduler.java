package io.eksnet.schedule;

import io.eksnet.agent.plan.TaskDiff;
import io.eksnet.model.ExpectBlocked;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Task;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.LocalFailure;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.StallDetector;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs each task at the ticks of its {@link FixedGrid}: one timer for the earliest tick, one run in
 * flight per task, and a limit on all runs in flight. A tick without a run is an observation, too,
 * so that each tick of a task is counted once. Whatever a probe, the sink or the listener throws is
 * logged and delays no other task. The state belongs to the event loop of the network; the public
 * methods may be called from any thread.
 */
public final class Scheduler {
  /** Tasks that are started or stopped before the event loop gets a chance to do other work. */
  private static final int BATCH_SIZE = 200;

  /** Skipped ticks of a task whose lateness is reported: after hours of sleep, more say no more. */
  private static final long MAX_LAGS = 100;

  /** How long after its timeout a run that has not ended is given up. */
  private static final Duration LOST_AFTER = Duration.ofMinutes(1);

  private final Network network;
  private final InstantSource clock;
  private final int maxInFlight;
  private final Consumer<Observation> sink;
  private final LongConsumer lag;
  private final Probes probes;
  private final Map<String, ScheduledTask> tasks = new HashMap<>();
  private final Set<Execution> executions = new LinkedHashSet<>();
  private final TreeSet<ScheduledTask> queue = new TreeSet<>(ScheduledTask.BY_TICK);
  private final Promise<Void> drained = Promise.promise();
  private @Nullable ScheduledFuture<?> timer;
  private long timerAt = Long.MAX_VALUE;
  private boolean draining;
  private volatile int inFlight;
  private volatile long earliest = Long.MAX_VALUE;

  /**
   * @param network gives the event loop and its monotonic clock
   * @param networks the network that a task may use; on the same event loop
   * @param clock the wall clock of the grid
   * @param maxInFlight limit on runs in flight, at least 1
   * @param sink takes each observation, on the event loop; must not block
   * @param lag takes how many nanoseconds after its tick each run starts; a tick without a run is
   *     late until the next one that could have one
   */
  public Scheduler(
      Network network,
      Function<Task, Network> networks,
      InstantSource clock,
      Map<String, ? extends ProbeKind<?>> kinds,
      int maxInFlight,
      Consumer<Observation> sink,
      LongConsumer lag) {
    this.network = network;
    this.clock = clock;
    this.maxInFlight = maxInFlight;
    this.sink = sink;
    this.lag = lag;
    this.probes = new Probes(kinds, networks);
  }

  /**
   * Stops and starts tasks in batches, so that no tick of the others is missed. Completes when all
   * batches are done; fails if a probe cannot be created.
   */
  public Future<Void> apply(TaskDiff diff) {
    return inBatches(diff.stop(), this::stop).compose(done -> inBatches(diff.start(), this::start));
  }

  /**
   * Runs a task once, now, outside of its grid and limits; the sink does not get the result. After
   * {@link #drain} it does not run.
   */
  public Future<Observation> once(Task task) {
    Promise<Observation> promise = Promise.promise();
    network
        .loop()
        .execute(
            () -> {
              if (draining) {
                promise.complete(notRun(task, new NotRun(Reason.SHUTDOWN)));
                return;
              }
              try {
                var probe = probes.acquire(task);
                observe(
                    new Execution(
                        task,
                        observation -> {
                          guarded(() -> probes.release(task));
                          promise.complete(observation);
                        }),
                    probe);
              } catch (Throwable e) {
                promise.tryFail(e);
              }
            });
    return promise.future();
  }

  /**
   * Starts no more runs; completes when those in flight have ended. Those that have not after
   * {@code timeout} did not run, whatever happens to their connections afterwards.
   */
  public Future<Void> drain(Duration timeout) {
    return onLoop(
            () -> {
              draining = true;
              queue.clear();
              arm();
              var limit =
                  network.loop().schedule(this::cut, timeout.toNanos(), TimeUnit.NANOSECONDS);
              drained.future().onComplete(done -> limit.cancel(false));
              completeDrain();
            })
        .compose(nothing -> drained.future());
  }

  private void cut() {
    for (var execution : List.copyOf(executions)) {
      execution.complete(new NotRun(Reason.SHUTDOWN));
    }
  }

  /** The number of runs in flight. */
  public int inFlight() {
    return inFlight;
  }

  /** How long the earliest tick has been overdue; zero if none is. */
  public Duration overdue() {
    var due = earliest;
    return due == Long.MAX_VALUE
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, network.now() - due));
  }

  private void start(Task task) {
    if (!draining) {
      var scheduled = new ScheduledTask(task, probes.acquire(task));
      tasks.put(task.id(), scheduled);
      var now = clock.instant();
      enqueue(scheduled, FixedGrid.next(task.id(), task.interval(), now), now);
    }
  }

  private void stop(Task task) {
    var scheduled = tasks.remove(task.id());
    if (scheduled != null) {
      scheduled.stopped = true;
      queue.remove(scheduled);
      if (scheduled.current == null) {
        guarded(() -> probes.release(task));
      }
    }
  }

  private void enqueue(ScheduledTask scheduled, Instant due, Instant now) {
    scheduled.due = due;
    scheduled.dueNanos = network.now() + Duration.between(now, due).toNanos();
    queue.add(scheduled);
  }

  private void arm() {
    earliest = queue.isEmpty() ? Long.MAX_VALUE : queue.first().dueNanos;
    if (earliest == timerAt) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    timerAt = earliest;
    if (!queue.isEmpty()) {
      var delay = Math.max(0, earliest - network.now());
      timer = network.loop().schedule(this::runDue, delay, TimeUnit.NANOSECONDS);
    }
  }

  private void runDue() {
    timer = null;
    timerAt = Long.MAX_VALUE;
    try {
      while (!queue.isEmpty() && queue.first().dueNanos <= network.now()) {
        var scheduled = queue.first();
        queue.remove(scheduled);
        var late = network.now() - scheduled.dueNanos;
        enqueueNext(scheduled, late);
        guarded(() -> runOrMiss(scheduled, late));
      }
    } finally {
      arm();
    }
  }

  private void enqueueNext(ScheduledTask scheduled, long late) {
    var task = scheduled.task;
    var now = clock.instant();
    enqueue(scheduled, FixedGrid.nextAfter(task.id(), task.interval(), scheduled.due, now), now);
    var skipped = FixedGrid.skipped(task.interval(), Duration.ofNanos(late));
    if (skipped > 0) {
      guarded(() -> skip(task, late, skipped));
    }
  }

  /** Ticks that passed while the event loop was blocked. */
  private void skip(Task task, long late, long ticks) {
    var interval = task.interval().toNanos();
    for (var i = 0L; i < Math.min(ticks, MAX_LAGS); i++) {
      var tickLate = late - i * interval;
      guarded(() -> lag.accept(tickLate));
    }
    sink.accept(notRun(task, new NotRun(Reason.STALL, "", ticks)));
  }

  /**
   * @param late how long ago the tick was due; if ticks were skipped, that was the first of them,
   *     and this is the last
   */
  private void runOrMiss(ScheduledTask scheduled, long late) {
    var interval = scheduled.task.interval().toNanos();
    if (scheduled.current != null && scheduled.current.isLost()) {
      scheduled.current.complete(unexpected(new LocalFailure("scheduler", "the run did not end")));
    }
    if (scheduled.current != null) {
      miss(scheduled.task, Reason.OVERLAP, late % interval + interval);
    } else if (inFlight >= maxInFlight) {
      miss(scheduled.task, Reason.CAPACITY, late % interval + interval);
    } else {
      guarded(() -> lag.accept(late % interval));
      scheduled.current =
          new Execution(scheduled.task, observation -> complete(scheduled, observation));
      observe(scheduled.current, scheduled.probe);
    }
  }

  private void miss(Task task, Reason reason, long late) {
    guarded(() -> lag.accept(late));
    sink.accept(notRun(task, new NotRun(reason)));
  }

  private Observation notRun(Task task, NotRun outcome) {
    return new Observation(task, clock.instant(), Duration.ZERO, outcome);
  }

  private void complete(ScheduledTask scheduled, Observation observation) {
    scheduled.current = null;
    if (scheduled.stopped) {
      probes.release(scheduled.task);
      return;
    }
    sink.accept(observation);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
  private void observe(Execution execution, Probe probe) {
    executions.add(execution);
    inFlight++;
    outcome(execution.task, probe).onComplete(result -> execution.complete(result.result()));
  }

  /** Never fails: what a probe throws is an outcome, too. */
  private Future<Outcome> outcome(Task task, Probe probe) {
    try {
      return probe
          .run(task.target(), task.timeout())
          .map(Objects::requireNonNull)
          .map(outcome -> task.expectBlocked() ? ExpectBlocked.of(outcome) : outcome)
          .otherwise(this::unexpected);
    } catch (Throwable e) {
      return Future.succeededFuture(unexpected(e));
    }
  }

  private Outcome unexpected(Throwable e) {
    network.failureLog().log(e);
    return LocalFailure.outcomeOf(e);
  }

  private void completeDrain() {
    if (draining && inFlight == 0 && drained.tryComplete()) {
      guarded(probes::close);
    }
  }

  private Future<Void> inBatches(List<Task> tasks, Consumer<Task> work) {
    var batch = tasks.subList(0, Math.min(BATCH_SIZE, tasks.size()));
    var rest = tasks.subList(batch.size(), tasks.size());
    return onLoop(
            () -> {
              try {
                batch.forEach(work);
              } finally {
                arm();
              }
            })
        .compose(done -> rest.isEmpty() ? Future.succeededFuture() : inBatches(rest, work));
  }

  private Future<Void> onLoop(Runnable work) {
    Promise<Void> done = Promise.promise();
    network
        .loop()
        .execute(
            () -> {
              try {
                work.run();
                done.complete();
              } catch (Throwable e) {
                done.tryFail(e);
              }
            });
    return done.future();
  }

  /** Keeps an exception or error of one call from reaching whatever comes after it. */
  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      network.failureLog().log(e);
    }
  }

  /**
   * A run in flight; its first outcome counts, but without timings if the event loop was blocked.
   */
  private final class Execution {
    private final Task task;
    private final Consumer<Observation> then;
    private final Instant at = clock.instant();
    private final long started = network.now();
    private final StallDetector.Mark mark = network.stalls().begin();
    private boolean overdue;

    private Execution(Task task, Consumer<Observation> then) {
      this.task = task;
      this.then = then;
    }

    /**
     * Whether it can no longer be expected to end: an error has hit the code that ends it. Asked at
     * each tick, and true at the second of those long after the timeout, because timers that wait
     * for a blocked event loop are due first.
     */
    private boolean isLost() {
      var wasOverdue = overdue;
      overdue = network.now() - started > task.timeout().plus(LOST_AFTER).toNanos();
      return wasOverdue && overdue;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
    private void complete(Outcome outcome) {
      if (executions.remove(this)) {
        inFlight--;
        var took = Duration.ofNanos(network.now() - started);
        var result = network.stalls().stalledSince(mark) ? outcome.withoutTimings() : outcome;
        network.stalls().end();
        guarded(() -> then.accept(new Observation(task, at, took, result)));
        completeDrain();
      }
    }
  }

  private static final class ScheduledTask {
    /** By difference, because nanosecond clocks may overflow; ids keep equal ticks apart. */
    static final Comparator<ScheduledTask> BY_TICK =
        (a, b) ->
            a.dueNanos == b.dueNanos
                ? a.task.id().compareTo(b.task.id())
                : Long.signum(a.dueNanos - b.dueNanos);

    private final Task task;
    private final Probe probe;
    private Instant due = Instant.MIN;
    private long dueNanos;
    private @Nullable Execution current;
    private boolean stopped;

    private ScheduledTask(Task task, Probe probe) {
      this.task = task;
      this.probe = probe;
    }
  }
}
