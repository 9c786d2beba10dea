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
import io.eksnet.probe.net.Network;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each task at the ticks of its {@link FixedGrid}: one timer for the earliest tick, one run in
 * flight per task, and a limit on all runs in flight. Whatever a probe, the sink or the listener
 * throws is logged and delays no other task. The state belongs to the event loop of the network;
 * the public methods may be called from any thread.
 */
public final class Scheduler {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** Tasks that are started or stopped before the event loop gets a chance to do other work. */
  private static final int BATCH_SIZE = 200;

  private final Network network;
  private final InstantSource clock;
  private final int maxInFlight;
  private final Consumer<Observation> sink;
  private final SchedulerListener listener;
  private final Probes probes;
  private final StallDetector stalls;
  private final Map<String, ScheduledTask> tasks = new HashMap<>();
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
   * @param maxStall how long the event loop may be blocked before results are discarded
   * @param sink takes each observation, on the event loop; must not block
   */
  public Scheduler(
      Network network,
      Function<Task, Network> networks,
      InstantSource clock,
      Map<String, ? extends ProbeKind<?>> kinds,
      int maxInFlight,
      Duration maxStall,
      Consumer<Observation> sink,
      SchedulerListener listener) {
    this.network = network;
    this.clock = clock;
    this.maxInFlight = maxInFlight;
    this.sink = sink;
    this.listener = listener;
    this.probes = new Probes(kinds, networks);
    this.stalls =
        new StallDetector(network, maxStall, nanos -> guarded(() -> listener.onStall(nanos)));
  }

  /**
   * Stops and starts tasks in batches, so that no tick of the others is missed. Completes when all
   * batches are done; fails if a probe cannot be created.
   */
  public Future<Void> apply(TaskDiff diff) {
    return inBatches(diff.stop(), this::stop).compose(done -> inBatches(diff.start(), this::start));
  }

  /** Runs a task once, now, outside of its grid and limits; the sink does not get the result. */
  public Future<Observation> once(Task task) {
    Promise<Observation> promise = Promise.promise();
    network
        .loop()
        .execute(
            () -> {
              try {
                observe(
                    task,
                    probes.acquire(task),
                    observation -> {
                      guarded(() -> probes.release(task));
                      promise.complete(observation);
                    });
              } catch (Throwable e) {
                promise.tryFail(e);
              }
            });
    return promise.future();
  }

  /** Starts no more scheduled runs; completes when those in flight have ended. */
  public Future<Void> drain() {
    return onLoop(
            () -> {
              draining = true;
              queue.clear();
              arm();
              completeDrain();
            })
        .compose(nothing -> drained.future());
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
      if (!scheduled.running) {
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
      guarded(() -> listener.onMissed(Reason.STALL, skipped));
    }
  }

  private void runOrMiss(ScheduledTask scheduled, long late) {
    if (scheduled.running) {
      miss(scheduled.task, Reason.OVERLAP);
    } else if (inFlight >= maxInFlight) {
      miss(scheduled.task, Reason.CAPACITY);
    } else {
      guarded(() -> listener.onStart(late));
      scheduled.running = true;
      observe(scheduled.task, scheduled.probe, observation -> complete(scheduled, observation));
    }
  }

  private void miss(Task task, Reason reason) {
    guarded(() -> listener.onMissed(reason, 1));
    sink.accept(new Observation(task, clock.instant(), Duration.ZERO, new NotRun(reason)));
  }

  private void complete(ScheduledTask scheduled, Observation observation) {
    scheduled.running = false;
    if (scheduled.stopped) {
      probes.release(scheduled.task);
      return;
    }
    if (observation.outcome() instanceof NotRun n && n.reason() == Reason.STALL) {
      guarded(() -> listener.onMissed(Reason.STALL, 1));
    }
    sink.accept(observation);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
  private void observe(Task task, Probe probe, Consumer<Observation> then) {
    var at = clock.instant();
    var started = network.now();
    var mark = stalls.begin();
    inFlight++;
    outcome(task, probe)
        .onComplete(
            result -> {
              inFlight--;
              var stalled = stalls.end(mark);
              var took = Duration.ofNanos(network.now() - started);
              var outcome = stalled ? new NotRun(Reason.STALL) : result.result();
              guarded(() -> then.accept(new Observation(task, at, took, outcome)));
              completeDrain();
            });
  }

  /** Never fails: what a probe throws is an outcome, too. */
  private static Future<Outcome> outcome(Task task, Probe probe) {
    try {
      return probe
          .run(task.target(), task.timeout())
          .map(Objects::requireNonNull)
          .map(outcome -> task.expectBlocked() ? ExpectBlocked.of(outcome) : outcome)
          .otherwise(e -> unexpected(task, e));
    } catch (Throwable e) {
      return Future.succeededFuture(unexpected(task, e));
    }
  }

  private static Outcome unexpected(Task task, Throwable e) {
    log.atError()
        .addKeyValue("task", task.id())
        .setCause(e)
        .log("unexpected error in probe (please report this bug)");
    return new NotRun(Reason.PROBER);
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
  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      log.atError().setCause(e).log("unexpected error in scheduler (please report this bug)");
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
    private boolean running;
    private boolean stopped;

    private ScheduledTask(Task task, Probe probe) {
      this.task = task;
      this.probe = probe;
    }
  }
}
